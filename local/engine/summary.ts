import type { PropertyDiff } from "./provider.ts";
import type { PropertyMap } from "./values/property-value.ts";
import type { ResourceState } from "./state/resource-state.ts";
import { maskedSecrets, serializeProperties, serializeResource } from "./state/serialize.ts";
import type { SecretWriter } from "./state/serialize.ts";
import type { PolicyPackInfo, PolicyViolation } from "./policy/policy-violation.ts";
import { isDefaultProvider } from "./urn.ts";
import type { Drift } from "./plan/drift.ts";
import { OPS } from "./plan/step.ts";
import type { Listener, Op, Severity, Step } from "./plan/step.ts";

type Json = ReturnType<typeof serializeResource>;

/** A step as the CLI's `preview --json` shows it: states with secrets masked and unknowns as Pulumi's sentinel. */
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
  /** Empty where the program itself failed. */
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
  /** True where everything was done and no mandatory policy violated; otherwise `failed` and `policy` say what was not. */
  ok: boolean;
  counts: Record<Op, number>;
  steps: StepRecord[];
  /** Stack outputs, secrets as `[secret]` unless they were asked for. */
  outputs: Record<string, unknown>;
  durationMs: number;
  failed: Failure[];
  /** Not tried, because something that they need failed. */
  skipped: string[];
  diagnostics: Diagnostic[];
  /** What a refresh found to be changed or gone since the last run. Empty where the run did not refresh. */
  drift: Drift[];
  /** Empty where no pack judged the run. */
  policy: { packs: PolicyPackInfo[]; violations: PolicyViolation[] };
  /** The same steps with their values, for a display; not part of the JSON. */
  changes: Step[];
  /** Of a preview: every resource as it would then be, for another preview to start `from`; not part of the JSON. */
  planned?: readonly ResourceState[];
}

/** Listens to a run and sums it up. Default providers are the engine's own affair and are left out. */
export class Recorder implements Listener {
  readonly #next: Listener | undefined;
  readonly #steps: Step[] = [];
  readonly #skipped: string[] = [];
  readonly #diagnostics: Diagnostic[] = [];
  readonly #violations: PolicyViolation[] = [];
  readonly #drift: Drift[] = [];
  readonly failed: Failure[] = [];

  constructor(next: Listener | undefined) {
    this.#next = next;
  }

  stepStarted(step: Step): void {
    if (!isDefaultProvider(step.urn)) this.#next?.stepStarted(step);
  }

  stepDone(step: Step, elapsedMs: number): void {
    if (isDefaultProvider(step.urn)) return;
    this.#steps.push(step);
    this.#next?.stepDone(step, elapsedMs);
  }

  stepFailed(step: Step, elapsedMs: number, reasons: string[]): void {
    this.failed.push({ urn: step.urn, reasons });
    this.#next?.stepFailed(step, elapsedMs, reasons);
  }

  skipped(urn: string, because: string): void {
    this.#skipped.push(urn);
    this.#next?.skipped(urn, because);
  }

  status(urn: string, message: string): void {
    this.#next?.status(urn, message);
  }

  log(severity: Severity, message: string, urn?: string): void {
    if (severity === "debug") return;
    this.#diagnostics.push({ severity, message, ...(urn ? { urn } : {}) });
    if (severity === "error") this.failed.push({ urn: urn ?? "", reasons: [message] });
    this.#next?.log(severity, message, urn);
  }

  policyViolation(violation: PolicyViolation): void {
    this.#violations.push(violation);
    this.#next?.policyViolation?.(violation);
  }

  drifted(drift: readonly Drift[]): void {
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
        this.failed.length === 0 && !this.#violations.some(({ enforcement }) => enforcement === "mandatory"),
      counts,
      steps: this.#steps.map(toRecord),
      outputs: plainOutputs(outputs, showSecrets),
      durationMs,
      failed: this.failed,
      skipped: this.#skipped,
      diagnostics: this.#diagnostics,
      drift: this.#drift,
      policy: { packs, violations: this.#violations },
      changes: this.#steps,
    };
  }
}

/** Outputs as plain JSON, secrets masked or open. */
export function plainOutputs(outputs: PropertyMap, showSecrets: boolean): Record<string, unknown> {
  const open: SecretWriter = (plaintext) => JSON.parse(plaintext) as Json;
  return serializeProperties(outputs, showSecrets ? open : maskedSecrets);
}

export function toRecord({ op, urn, old, new: now, detailedDiff, replaceReasons }: Step): StepRecord {
  const mask = (state: ResourceState): Json => serializeResource(state, maskedSecrets);
  return {
    op,
    urn,
    ...((now ?? old)?.provider ? { provider: (now ?? old)?.provider } : {}),
    ...(old ? { oldState: mask(old) } : {}),
    ...(now ? { newState: mask(now) } : {}),
    ...(detailedDiff ? { detailedDiff } : {}),
    ...(replaceReasons ? { replaceReasons } : {}),
  };
}
