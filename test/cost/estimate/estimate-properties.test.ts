import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { estimateCost } from "../../../cost/estimate/estimate.ts";
import { UNKNOWN } from "../../../cost/estimate/unknown-value.ts";
import { planned } from "../planned.ts";
import { estimate, NODES, prices, scaling, usage } from "../round-prices.ts";

/** Inputs of any shape, with unknown and secret values in them. */
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(UNKNOWN, "[secret]", "", "m7i.large", "__proto__", null, -1, NaN, 3, true),
    fc.string(),
    fc.integer(),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        "instanceTypes",
        "scalingConfig",
        "minSize",
        "maxSize",
        "settings",
        "sku",
        "name",
        "spec",
        "type",
      ),
      tie("value"),
    ),
  ),
}));
const TYPES = [
  NODES,
  "aws:rds/instance:Instance",
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  "gcp:container/nodePool:NodePool",
  "gcp:sql/databaseInstance:DatabaseInstance",
  "gcp:cloudrunv2/service:Service",
  "azure-native:containerservice:ManagedCluster",
  "azure-native:containerservice:AgentPool",
  "azure-native:redis:Redis",
  "kubernetes:apps/v1:StatefulSet",
  "kubernetes:core/v1:PersistentVolumeClaim",
  "toString",
];
const wild = fc
  .record({
    type: fc.constantFrom(...TYPES),
    name: fc.string(),
    inputs: fc.dictionary(fc.string(), anything.value),
  })
  .map(({ type, name, inputs }) => planned(type, name, inputs));
const group = fc
  .record({ name: fc.stringMatching(/^[a-z]{1,8}$/), min: fc.nat(20), more: fc.nat(20), disk: fc.nat(500) })
  .map(({ name, min, more, disk }) =>
    planned(NODES, name, {
      instanceTypes: ["m7i.large"],
      diskSize: disk,
      scalingConfig: scaling(min, min + more),
    }),
  );

describe("properties", () => {
  test("no input makes it throw, and min ≤ expected ≤ max", () => {
    fc.assert(
      fc.property(fc.array(wild, { maxLength: 5 }), (resources) => {
        const { monthly } = estimateCost(resources, { prices, usage });
        expect(monthly.min).toBeLessThanOrEqual(monthly.expected);
        expect(monthly.expected).toBeLessThanOrEqual(monthly.max);
        expect(Number.isFinite(monthly.max)).toBe(true);
      }),
    );
  });

  test("a required value that is unknown always lands in unpriced, never in the total", () => {
    const types = [
      [NODES, { instanceTypes: [UNKNOWN] }],
      ["aws:elasticache/replicationGroup:ReplicationGroup", { nodeType: UNKNOWN }],
      ["gcp:sql/databaseInstance:DatabaseInstance", { settings: { tier: UNKNOWN } }],
      ["azure-native:containerservice:AgentPool", { vmSize: UNKNOWN, count: 3 }],
      ["azure-native:storage:StorageAccount", { sku: UNKNOWN }],
    ] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.dictionary(fc.string(), fc.string()),
        ([type, inputs], more) => {
          const found = estimateCost([planned(type, "it", { ...more, ...inputs })], { prices, usage });
          expect(found.unpriced.map(({ why }) => why)).toEqual(["unknown value"]);
          expect(found.monthly.max).toBe(0);
        },
      ),
    );
  });

  test("the cost of two plans together is the sum of both, to the cent", () => {
    const distinct = fc.uniqueArray(group, { selector: ({ urn }) => urn, minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(distinct, fc.nat(8), (resources, at) => {
        const [a, b, both] = [resources.slice(0, at), resources.slice(at), resources].map((some) =>
          estimate(...some),
        );
        for (const key of ["min", "expected", "max"] as const)
          expect(Math.round(100 * (a!.monthly[key] + b!.monthly[key]))).toBe(
            Math.round(100 * both!.monthly[key]),
          );
      }),
    );
  });

  test("more nodes never cost less, and the order of the plan changes nothing", () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), fc.nat(50), (min, more, extra) => {
        const cost = (low: number, high: number) =>
          estimate(planned(NODES, "it", { instanceTypes: ["m7i.large"], scalingConfig: scaling(low, high) }))
            .monthly;
        const [small, large] = [cost(min, min + more), cost(min + extra, min + more + extra)];
        for (const key of ["min", "expected", "max"] as const)
          expect(large[key]).toBeGreaterThanOrEqual(small[key]);
      }),
    );
    fc.assert(
      fc.property(fc.uniqueArray(group, { selector: ({ urn }) => urn, maxLength: 6 }), (resources) => {
        expect(estimate(...[...resources].reverse())).toEqual(estimate(...resources));
      }),
    );
  });
});
