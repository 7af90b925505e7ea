import { z } from "zod";
import { didYouMean } from "../../runtime/contract/issues/did-you-mean.ts";
import type { ConfigFault } from "../../runtime/contract/issues/describe-issues.ts";
import { foundationSchema } from "./schema.ts";
import { valueAt } from "../../runtime/contract/issues/value-at.ts";

type Values = Readonly<Record<string, unknown>>;

/** The layer of a stack: a foundation, a platform on the cluster of a foundation, or a platform on a cluster that exists. */
export type StackLayer =
  { kind: "foundation" } | { kind: "platform"; /** Name of the foundation's stack. */ foundation?: string };

/** Kinds of clusters that a foundation creates. */
const MANAGED_KINDS: readonly string[] = ["eks", "gke", "aks"];
/** Every kind of cluster in a stack's file. */
const CLUSTER_KINDS: readonly string[] = ["existing", "foundation", ...MANAGED_KINDS];

/** Keys that a foundation has. A platform on it takes them from there, so that both know the same. */
export const FOUNDATION_KEYS: readonly string[] = Object.keys(foundationSchema.shape);

/** The key `cluster` of a platform on a foundation. */
export const referenceSchema = z.strictObject({
  kind: z.literal("foundation"),
  stack: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
});

/** Returns the layer of a stack from the kind of its cluster. `values` has the keys of the project, without their namespace. */
export function layerOf(values: Values): StackLayer {
  const kind = valueAt(values, ["cluster", "kind"]);
  if (typeof kind === "string" && MANAGED_KINDS.includes(kind)) return { kind: "foundation" };
  const reference = referenceSchema.safeParse(values["cluster"]);
  return { kind: "platform", ...(reference.success ? { foundation: reference.data.stack } : {}) };
}

/** Returns faults of the key `cluster` itself: a kind that does not exist, or a reference to a foundation that is not complete. */
export function clusterFaults(values: Values): ConfigFault[] {
  const kind = valueAt(values, ["cluster", "kind"]);
  if (kind !== undefined && !(typeof kind === "string" && CLUSTER_KINDS.includes(kind))) {
    const near = typeof kind === "string" ? didYouMean(kind, CLUSTER_KINDS) : "";
    return [
      {
        path: ["cluster", "kind"],
        kind: "wrong",
        message: `must be one of ${CLUSTER_KINDS.map((known) => JSON.stringify(known)).join(", ")}, got ${JSON.stringify(kind)}`,
        ...(near === "" ? {} : { fix: near.replace(/^[;,] /, "") }),
      },
    ];
  }
  if (kind !== "foundation" || referenceSchema.safeParse(values["cluster"]).success) return [];
  const { kind: _, stack, ...others } = values["cluster"] as Record<string, unknown>;
  const unknown = Object.keys(others).map((key): ConfigFault => ({
    path: ["cluster", key],
    kind: "unknown",
    message: "no such key of a foundation (known: kind, stack)",
  }));
  if (unknown.length > 0) return unknown;
  return [
    {
      path: ["cluster", "stack"],
      kind: stack === undefined ? "missing" : "wrong",
      message: `must be the name of the foundation's stack, such as prod-foundation, got ${stack === undefined ? "nothing" : JSON.stringify(stack)}`,
    },
  ];
}
