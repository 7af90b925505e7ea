import { join } from "node:path";
import { loadProjectPrices } from "../../cost/prices/load-prices.ts";
import { estimateCost } from "../../cost/estimate/estimate.ts";
import { loadThroughput } from "../../cost/services/throughput.ts";
import type { CostReport } from "./report.ts";
import type { PlannedResource } from "../../cost/estimate/planned-resource.ts";
import type { StepRecord } from "../../local/engine/summary.ts";
import { parseUrn } from "../../local/engine/urn.ts";

type State = NonNullable<StepRecord["newState"]>;

/** Steps after which there is a resource, or before which there was one. A replacement counts once. */
const AFTER = new Set<StepRecord["op"]>(["same", "create", "update", "replace"]);
const BEFORE = new Set<StepRecord["op"]>(["same", "update", "replace", "delete"]);

/** What the planned resources cost, and what those cost that they are compared with. */
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

/** Measurements of one's own models. */
const OWN_THROUGHPUT = "throughput.override.json";

/** The cost of a plan, and with `compares` of what it is compared with. */
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
