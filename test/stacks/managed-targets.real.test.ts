import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { estimateStack } from "../../cli/preview/estimate-stack.ts";
import { platformOutputsSchema } from "../../stacks/platform-outputs.ts";
import { planStack } from "./plan-stack.ts";
import { TARGET_ENVIRONMENTS, TARGETS, type TargetStack } from "./target-environments.ts";

const root = resolve(import.meta.dirname, "../..");

/** Targets that have a price in the estimate, and targets with a note that they have none. */
const PRICED: Record<TargetStack, { priced: string[]; withoutPrice: string[] }> = {
  prod: {
    priced: ["production-pushback-configuration", "production-events-warm", "serving-encryption-key"],
    withoutPrice: ["production-events-function"],
  },
  "prod-gcp": {
    priced: ["production-web-encryption-key", "serving-redis-password-secret"],
    withoutPrice: [
      "production-pushback-endpoint",
      "production-events-run-service",
      "production-events-subscription",
      "production-events-dead-letters",
    ],
  },
  "prod-azure": {
    priced: ["production-pushback-stable", "production-pushback-canary", "production-events-plan"],
    withoutPrice: [],
  },
};

describe.each(Object.keys(PRICED) as TargetStack[])("%s with targets", (stack) => {
  test("is planned without its cloud, passes every policy, and has a price or a note that there is none", async () => {
    const summary = await planStack(stack, {
      cloud: { targets: TARGETS[stack] },
      environments: TARGET_ENVIRONMENTS[stack],
      ceilingUsd: 1000, // the stack's own ceiling is for a platform without targets
    });
    expect(summary.failed).toEqual([]);
    expect(summary.policy.violations).toEqual([]);
    expect(summary.policy.packs[0]?.policies.length).toBeGreaterThan(70);
    expect(summary.ok).toBe(true);

    const { managedServices } = platformOutputsSchema.pick({ managedServices: true }).parse(summary.outputs);
    expect(managedServices.map(({ name }) => name).sort()).toEqual(
      Object.keys(TARGET_ENVIRONMENTS[stack].production.services)
        .filter((name) => name !== "in-cluster")
        .sort(),
    );

    const { now } = estimateStack(summary.steps, false, root);
    const priced = now.byResource.map(({ name }) => name);
    const withoutPrice = now.unpriced.map(({ name }) => name);
    expect(priced).toEqual(expect.arrayContaining(PRICED[stack].priced));
    expect(withoutPrice).toEqual(expect.arrayContaining(PRICED[stack].withoutPrice));
    expect(now.unpriced.filter(({ why }) => why === "unknown type" || why === "unknown value")).toEqual([]);
  });
});
