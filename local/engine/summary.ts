import type { PropertyDiff } from "./provider.ts";
import type { PropertyMap } from "./values/property-value.ts";
import type { ResourceState } from "./state/resource-state.ts";
import { maskedSecrets, serializeProperties, serializeResource } from "./state/serialize.ts";
import type { SecretWriter } from "./state/serialize.ts";
import type { PolicyPackInfo, PolicyViolation } from "./policy/policy-violation.ts";
import { SecretMask } from "./secret-mask.ts";
import { parsePath, pathIsWithin } from "./values/property-path.ts";
import { withUnknownsInWords } from "./values/values.ts";
import { isDefaultProvider } from "./urn.ts";
import type { Drift } from "./plan/drift.ts";
import { EXIT_ALREADY_LOGGED } from "./program.ts";
import { OPS } from "./plan/step.ts";
import type { Audience, Listener, Op, Severity, Step } from "./plan/step.ts";

type Json = ReturnType<typeof serializeResource>;

/** A step in the form of the CLI's `preview --json`: secrets are masked, unknown values are Pulumi's sentinel. */
export interface StepRecord {
  op: Op;
  urn: string;
  provider?: string;
  oldState?: Json;
  newState?: Json;
  detailedDiff?: Record<string, PropertyDiff>;
  replaceReasons?: string[];
}

export interface Failure {
  /** Empty if the program itself failed. */
  urn: string;
  reasons: string[];
}

export interface Diagnostic {
  severity: Severity;
  message: string;
  urn?: string;
}

export interface Summary {
  action: "preview" | "up" | "destroy" | "refresh";
  /** True if nothing failed and no mandatory policy is violated; otherwise see `failed` and `policy`. */
  ok: boolean;
  counts: Record<Op, number>;
  steps: StepRecord[];
  /** Stack outputs; secrets are `[secret]` unless `showSecrets` was set. */
  outputs: Record<string, unknown>;
  durationMs: number;
  failed: Failure[];
  /** Urns of resources that were skipped because a resource that they need failed. */
  skipped: string[];
  diagnostics: Diagnostic[];
  /** Resources that a refresh found changed or gone since the last run. Empty if the run did not refresh. */
  drift: Drift[];
  /** Policy packs of the run and their violations; empty if there were no packs. */
  policy: { packs: PolicyPackInfo[]; violations: PolicyViolation[] };
  /** The steps with their values, for a display; not part of the JSON. */
  changes: Step[];
  /** The planned resources of a preview, for the option `from` of another preview; not part of the JSON. */
  planned?: readonly ResourceState[];
}

/** Collects the events of a run into its summary. Leaves out default providers, which the engine creates by itself. */
export class Recorder implements Listener {
  readonly #next: Audience | undefined;
  readonly #steps: Step[] = [];
  readonly #skipped: string[] = [];
  readonly #diagnostics: Diagnostic[] = [];
  readonly #violations: PolicyViolation[] = [];
  readonly #drift: Drift[] = [];
  readonly #failed: Failure[] = [];

  #mask = new SecretMask([]);

  constructor(next: Audience | undefined) {
    this.#next = next;
  }

  /** Hides secrets in all later events: texts of programs, servers and policies may quote them. */
  hide(mask: SecretMask): void {
    this.#mask = mask;
  }

  stepStarted(step: Step): void {
    if (!isDefaultProvider(step.urn)) this.#next?.stepStarted(this.#shown(step));
  }

  stepDone(step: Step, elapsedMs: number): void {
    if (isDefaultProvider(step.urn)) return;
    this.#steps.push(step);
    this.#next?.stepDone(this.#shown(step), elapsedMs);
  }

  stepFailed(step: Step, elapsedMs: number, reasons: string[]): void {
    const masked = reasons.map((reason) => this.#mask.text(reason));
    this.#failed.push({ urn: step.urn, reasons: masked });
    this.#next?.stepFailed(this.#shown(step), elapsedMs, masked);
  }

  skipped(urn: string, because: string): void {
    this.#skipped.push(urn);
    this.#next?.skipped(urn, because);
  }

  status(urn: string, message: string): void {
    this.#next?.status(urn, this.#mask.text(message));
  }

  log(severity: Severity, text: string, urn?: string): void {
    if (severity === "debug") return;
    const message = this.#mask.text(text);
    this.#diagnostics.push({ severity, message, ...(urn ? { urn } : {}) });
    this.#next?.log(severity, message, urn);
  }

  fail(text: string, urn?: string): void {
    const message = this.#mask.text(text);
    this.#failed.push({ urn: urn ?? "", reasons: [message] });
    this.log("error", message, urn);
  }

  /** Reports that the program failed. Errors that the program logged are the failures; else its exit code is. */
  programFailed(exitCode: number): void {
    const errors = this.#diagnostics.filter(({ severity }) => severity === "error");
    const isExplained = exitCode === EXIT_ALREADY_LOGGED && (errors.length > 0 || this.#failed.length > 0);
    if (!isExplained) return this.fail(`the program ended with exit code ${exitCode}`);
    const known = new Set(this.#failed.flatMap(({ reasons }) => reasons));
    for (const { message, urn } of errors)
      if (!known.has(message)) this.#failed.push({ urn: urn ?? "", reasons: [message] });
  }

  policyViolation(found: PolicyViolation): void {
    const violation = { ...found, message: this.#mask.text(found.message) };
    this.#violations.push(violation);
    this.#next?.policyViolation?.(violation);
  }

  drifted(found: readonly Drift[]): void {
    const drift = this.#mask.json(found);
    this.#drift.push(...drift);
    this.#next?.drifted?.(drift);
  }

  summary(options: {
    action: Summary["action"];
    outputs: PropertyMap;
    showSecrets: boolean;
    durationMs: number;
    packs?: PolicyPackInfo[];
  }): Summary {
    const { action, outputs, showSecrets, durationMs, packs = [] } = options;
    const counts = Object.fromEntries(OPS.map((op) => [op, 0])) as Record<Op, number>;
    for (const { op } of this.#steps) counts[op]++;
    return {
      action,
      ok:
        this.#failed.length === 0 && !this.#violations.some(({ enforcement }) => enforcement === "mandatory"),
      counts,
      steps: this.#steps.map((step) => toRecord(this.#shown(step))),
      outputs: showSecrets ? plainOutputs(outputs, true) : this.#mask.json(plainOutputs(outputs, false)),
      durationMs,
      failed: this.#failed,
      skipped: this.#skipped,
      diagnostics: this.#diagnostics,
      drift: this.#drift,
      policy: { packs, violations: this.#violations },
      changes: this.#steps.map((step) => this.#shown(step)),
    };
  }

  #shown(step: Step): Step {
    const shown = (state: ResourceState): ResourceState => ({
      ...state,
      inputs: this.#mask.properties(state.inputs),
      outputs: this.#mask.properties(state.outputs),
      initErrors: state.initErrors.map((reason) => this.#mask.text(reason)),
    });
    if (!this.#mask.isNeeded) return step;
    return {
      ...step,
      ...(step.old ? { old: shown(step.old) } : {}),
      ...(step.new ? { new: shown(step.new) } : {}),
    };
  }
}

/** Returns outputs as plain JSON, with secrets masked or in plain text. A value that only an update gives is `[unknown]`. */
export function plainOutputs(outputs: PropertyMap, showSecrets: boolean): Record<string, unknown> {
  const open: SecretWriter = (plaintext) => JSON.parse(plaintext) as Json;
  return serializeProperties(withUnknownsInWords(outputs), showSecrets ? open : maskedSecrets);
}

export function toRecord({ op, urn, old, new: now, detailedDiff, replaceReasons }: Step): StepRecord {
  const mask = (state: ResourceState): Json => serializeResource(state, maskedSecrets);
  return {
    op,
    urn,
    ...((now ?? old)?.provider ? { provider: (now ?? old)?.provider } : {}),
    ...(old ? { oldState: mask(old) } : {}),
    ...(now ? { newState: mask(now) } : {}),
    ...(detailedDiff ? { detailedDiff: withoutHidden(detailedDiff, now?.hideDiffs ?? []) } : {}),
    ...(replaceReasons ? { replaceReasons } : {}),
  };
}

/** Returns the changes of properties without those that `hideDiffs` names. */
function withoutHidden(
  diff: Record<string, PropertyDiff>,
  hideDiffs: readonly string[],
): Record<string, PropertyDiff> {
  const hidden = hideDiffs.map(parsePath);
  const isShown = (path: string): boolean =>
    !hidden.some((pattern) => pathIsWithin(parsePath(path), pattern));
  return Object.fromEntries(Object.entries(diff).filter(([path]) => isShown(path)));
}
