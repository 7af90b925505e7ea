import type { Planned } from "../../../cli/preview/report.ts";
import { OPS, type Op } from "../../../local/engine/plan/step.ts";
import type { StepRecord } from "../../../local/engine/summary.ts";

export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const STACK = "urn:pulumi:prod::slipway::pulumi:pulumi:Stack::slipway-prod";

export function urnOf(type: string, name: string): string {
  return `urn:pulumi:prod::slipway::${type}::${name}`;
}

/** A step of a plan, with states made from inputs. */
export function step(
  op: Op,
  type: string,
  name: string,
  options: {
    parent?: string;
    old?: Record<string, unknown>;
    new?: Record<string, unknown>;
    detailedDiff?: StepRecord["detailedDiff"];
    replaceReasons?: string[];
    state?: Record<string, unknown>;
  } = {},
): StepRecord {
  const urn = urnOf(type, name);
  const state = (inputs: Record<string, unknown>): NonNullable<StepRecord["newState"]> =>
    ({
      urn,
      type,
      custom: !type.startsWith("slipway:"),
      parent: options.parent ?? STACK,
      inputs,
      ...options.state,
    }) as NonNullable<StepRecord["newState"]>;
  const { old, new: now, detailedDiff, replaceReasons } = options;
  return {
    op,
    urn,
    ...(old ? { oldState: state(old) } : {}),
    ...(now ? { newState: state(now) } : {}),
    ...(detailedDiff ? { detailedDiff } : {}),
    ...(replaceReasons ? { replaceReasons } : {}),
  };
}

export function plan(steps: StepRecord[], more: Partial<Planned> = {}): Planned {
  const counts = Object.fromEntries(OPS.map((op) => [op, 0])) as Record<Op, number>;
  for (const { op } of steps) counts[op]++;
  return { steps, counts, failed: [], diagnostics: [], durationMs: 1234.5, ...more };
}

/** A service that is updated, a bucket that is replaced, a database that goes, and what stays. */
export function examplePlan(): Planned {
  const service = urnOf("slipway:serving:InferenceService", "fraud");
  const store = urnOf("slipway:storage:S3Bucket", "objects");
  return plan([
    step("same", "pulumi:pulumi:Stack", "slipway-prod", { old: {}, new: {}, state: { parent: undefined } }),
    step("same", "slipway:serving:InferenceService", "fraud", { old: {}, new: {} }),
    step("update", "kubernetes:apps/v1:Deployment", "fraud-deployment", {
      parent: service,
      old: { spec: { replicas: 2, token: "[secret]" } },
      new: { spec: { replicas: 3, image: UNKNOWN, token: "[secret]" } },
      detailedDiff: {
        "spec.replicas": { kind: "update", inputDiff: true },
        "spec.image": { kind: "add", inputDiff: true },
        "spec.token.value": { kind: "update", inputDiff: true },
      },
    }),
    step("create-replacement", "aws:s3/bucket:Bucket", "objects-bucket", {
      parent: store,
      old: { bucket: "a" },
      new: { bucket: "b" },
    }),
    step("replace", "aws:s3/bucket:Bucket", "objects-bucket", {
      parent: store,
      old: { bucket: "a" },
      new: { bucket: "b" },
      detailedDiff: { bucket: { kind: "update-replace", inputDiff: true } },
      replaceReasons: ["bucket"],
    }),
    step("create", "aws:iam/role:Role", "objects-role", {
      parent: store,
      new: { name: "x", policy: UNKNOWN },
    }),
    step("delete", "aws:rds/instance:Instance", "ledger", {
      old: { dbName: "ledger" },
      state: { protect: true },
    }),
    step("delete-replaced", "aws:s3/bucket:Bucket", "objects-bucket", {
      parent: store,
      old: { bucket: "a" },
    }),
  ]);
}

export const ABOUT = { stack: "prod", engine: "offline engine", against: "main (1a2b3c4)" };
