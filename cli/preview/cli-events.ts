import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import type { Diagnostic, Failure, StepRecord, Summary } from "../../local/engine/summary.ts";
import { OPS, type Op } from "../../local/engine/plan/step.ts";

type State = NonNullable<StepRecord["newState"]>;
export type CliPlan = Pick<Summary, "steps" | "counts" | "failed" | "diagnostics" | "durationMs" | "policy">;

/** Builds the plan of a preview by the pulumi CLI from its events. Secrets in them are masked already. */
export function planFromEvents(events: readonly EngineEvent[], durationMs: number): CliPlan {
  const steps = new Map<string, StepRecord>();
  const failed: Failure[] = [];
  const diagnostics: Diagnostic[] = [];
  const violations: CliPlan["policy"]["violations"] = [];
  const packs = new Map<string, string>();
  for (const event of events) {
    const {
      resourcePreEvent,
      resOutputsEvent,
      resOpFailedEvent,
      diagnosticEvent,
      policyEvent,
      summaryEvent,
    } = event;
    const metadata = (resourcePreEvent ?? resOutputsEvent)?.metadata;
    if (metadata !== undefined && isKnown(metadata.op))
      steps.set(`${metadata.op} ${metadata.urn}`, toStep(metadata, metadata.op));
    if (resOpFailedEvent !== undefined)
      failed.push({
        urn: resOpFailedEvent.metadata.urn,
        reasons: [`${resOpFailedEvent.metadata.op} failed`],
      });
    if (diagnosticEvent !== undefined && diagnosticEvent.ephemeral !== true) {
      const diagnostic = toDiagnostic(diagnosticEvent);
      diagnostics.push(diagnostic);
      if (diagnostic.severity === "error")
        failed.push({ urn: diagnostic.urn ?? "", reasons: [diagnostic.message] });
    }
    if (policyEvent !== undefined) {
      packs.set(policyEvent.policyPackName, policyEvent.policyPackVersion); // a run that fails may have no summary
      violations.push({
        pack: policyEvent.policyPackName,
        packVersion: policyEvent.policyPackVersion,
        policy: policyEvent.policyName,
        ...(policyEvent.resourceUrn ? { urn: policyEvent.resourceUrn } : {}),
        enforcement: policyEvent.enforcementLevel === "mandatory" ? "mandatory" : "advisory",
        message: plainText(policyEvent.message),
      });
    }
    for (const [name, version] of packsOf(summaryEvent)) if (!packs.has(name)) packs.set(name, version);
  }
  const counts = Object.fromEntries(OPS.map((op) => [op, 0])) as Record<Op, number>;
  for (const { op } of steps.values()) counts[op]++;
  const policy = {
    packs: [...packs].map(([name, version]) => ({ name, version, policies: [] })),
    violations,
  };
  return { steps: [...steps.values()], counts, failed, diagnostics, durationMs, policy };
}

/**
 * Returns name and version of the policy packs. The CLI writes `PolicyPacks`, and not `policyPacks` as the SDK's type says, and a
 * pack of a folder as `NAME|local|FOLDER`.
 */
function packsOf(summary: EngineEvent["summaryEvent"]): [name: string, version: string][] {
  const written = summary as (Partial<typeof summary> & { PolicyPacks?: Record<string, string> }) | undefined;
  const packs = Object.entries(written?.PolicyPacks ?? written?.policyPacks ?? {});
  return packs.map(([name, version]) => [name.replace(/\|local\|.*$/, ""), version]);
}

function isKnown(op: string): op is Op {
  return (OPS as readonly string[]).includes(op);
}

function toStep({ urn, old, new: now, provider, detailedDiff, keys }: StepEventMetadata, op: Op): StepRecord {
  const entries = Object.entries(detailedDiff ?? {}).map(
    ([path, { diffKind, inputDiff }]) => [path, { kind: diffKind, inputDiff }] as const,
  );
  return {
    op,
    urn,
    ...(provider ? { provider } : {}),
    ...(old ? { oldState: toState(old) } : {}),
    ...(now ? { newState: toState(now) } : {}),
    ...(entries.length > 0 ? { detailedDiff: Object.fromEntries(entries) } : {}),
    ...(keys !== undefined && keys.length > 0 ? { replaceReasons: keys } : {}),
  };
}

/** Turns the state of an event into that of an engine: empty values are left out. */
function toState(state: NonNullable<StepEventMetadata["new"]>): State {
  const entries = Object.entries<State[string]>({ ...state }).filter(
    ([, value]) => value !== "" && value !== null,
  );
  return Object.fromEntries(entries);
}

function toDiagnostic({ urn, message, severity }: NonNullable<EngineEvent["diagnosticEvent"]>): Diagnostic {
  return {
    severity: severity === "info#err" ? "info" : severity,
    message: plainText(message),
    ...(urn ? { urn } : {}),
  };
}

/** Removes the CLI's marks for colours from a message: `<{%fg 1%}>`. */
function plainText(message: string): string {
  return message.replace(/<\{%[^%]*%\}>/g, "").trim();
}
