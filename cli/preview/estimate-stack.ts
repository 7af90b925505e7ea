import { join } from "node:path";
import { loadProjectPrices } from "../../cost/prices/load-prices.ts";
import { estimateCost } from "../../cost/estimate/estimate.ts";
import { loadThroughput } from "../../cost/services/throughput.ts";
import type { CostReport } from "./report.ts";
import type { PlannedResource } from "../../cost/estimate/planned-resource.ts";
import type { StepRecord } from "../../local/engine/summary.ts";
import { parseUrn } from "../../local/engine/urn.ts";

type State = NonNullable<StepRecord["newState"]>;

/** Steps after which a resource exists, and steps before which it existed. A replacement counts once. */
const AFTER = new Set<StepRecord["op"]>(["same", "create", "update", "replace"]);
const BEFORE = new Set<StepRecord["op"]>(["same", "update", "replace", "delete"]);

/** Returns the resources of a plan that exist after it, or that existed before it. */
export function plannedResources(steps: readonly StepRecord[], side: "before" | "after"): PlannedResource[] {
  const ops = side === "after" ? AFTER : BEFORE;
  return steps.flatMap((step) => {
    const state = side === "after" ? step.newState : step.oldState;
    return ops.has(step.op) && state !== undefined ? [toPlanned(step.urn, state)] : [];
  });
}

function toPlanned(urn: string, state: State): PlannedResource {
  const { type, name } = parseUrn(urn);
  const text = (key: string): string | undefined => state[key] as string | undefined;
  const [parent, provider, id] = [text("parent"), text("provider"), text("id")];
  return {
    urn,
    type,
    name,
    ...(parent === undefined ? {} : { parent }),
    ...(provider === undefined ? {} : { provider }),
    ...(id === undefined || id === "" ? {} : { id }),
    inputs: (state["inputs"] ?? {}) as Record<string, unknown>,
    propertyDependencies: (state["propertyDependencies"] ?? {}) as Record<string, string[]>,
  };
}

/** Optional file with throughput measurements of the user's own models. */
const OWN_THROUGHPUT = "throughput.override.json";

/** Estimates the monthly cost after a plan, and with `compares` the cost before it. */
export function estimateStack(
  steps: readonly StepRecord[],
  compares: boolean,
  projectDir: string,
): CostReport {
  const prices = loadProjectPrices(projectDir);
  const throughput = loadThroughput({ overrideFile: join(projectDir, OWN_THROUGHPUT) });
  const now = estimateCost(plannedResources(steps, "after"), { prices, throughput });
  return {
    now,
    ...(compares ? { before: estimateCost(plannedResources(steps, "before"), { prices, throughput }) } : {}),
  };
}
