import { describe, expect, test } from "vitest";
import { estimateCost } from "../../../cost/estimate/estimate.ts";
import type { PlannedResource } from "../../../cost/estimate/planned-resource.ts";
import { UNKNOWN } from "../../../cost/estimate/unknown-value.ts";
import { planned } from "../planned.ts";
import { estimate, GKE, NODES, prices, scaling, usage } from "../round-prices.ts";

describe("the cost of a plan", () => {
  test("counts the zones of a node pool's own cluster", () => {
    const zonal = planned(GKE, "zonal", { location: "europe-west4-a" });
    const regional = planned(GKE, "regional", { location: "europe-west4" });
    const pool = (name: string, cluster: PlannedResource): PlannedResource => ({
      ...planned("gcp:container/nodePool:NodePool", name, {
        cluster: UNKNOWN,
        nodeConfig: { machineType: "n1-standard-4" },
        nodeCount: 1,
      }),
      propertyDependencies: { cluster: [cluster.urn] },
    });
    const { byResource } = estimate(zonal, regional, pool("a", zonal), pool("b", regional));
    const nodes = byResource.filter(({ type }) => type.includes("nodePool"));
    expect(nodes.map(({ name, charges }) => [name, charges[0]?.quantity.expected])).toEqual([
      ["a", 1],
      ["b", 3],
    ]);
  });

  test("keeps the expected nodes of a usage within the pool", () => {
    const group = planned(NODES, "cpu", {
      instanceTypes: ["m7i.large"],
      diskSize: 0,
      scalingConfig: scaling(1, 4),
    });
    const expected = (nodes: number): number =>
      estimateCost([group], { prices, usage: { ...usage, nodes: { cpu: nodes } } }).byResource[0]!.charges[0]!
        .quantity.expected;
    expect([0, 3, 9].map(expected)).toEqual([1, 3, 4]);
  });

  test("has a minimum of zero for an idle GPU pool, which is listed separately", () => {
    const group = {
      instanceTypes: ["g6.xlarge"],
      capacityType: "SPOT",
      diskSize: 200,
      scalingConfig: scaling(0, 4, 0),
    };
    const { monthly, gpu } = estimate(planned(NODES, "l4", group));
    // a node is 730 × 0.40 = 292, and 200 GiB × 0.10 = 20
    expect(monthly).toEqual({ min: 0, expected: 0, max: 1248 });
    expect(gpu).toEqual([
      {
        urn: "urn:pulumi:prod::slipway::aws:eks/nodeGroup:NodeGroup::l4",
        pool: "l4",
        machine: "g6.xlarge",
        count: 1,
        spot: true,
        hourly: 0.4,
        nodes: { min: 0, expected: 0, max: 4 },
        gpuHours: { min: 0, expected: 0, max: 2920 },
        monthlyAtMin: 0,
        monthlyExpected: 0,
        monthlyAtMax: 1168,
      },
    ]);
  });

  test("adds GPUs that are attached to N1, but not built-in ones", () => {
    const pool = (machineType: string, type: string, count: number) => ({
      nodeConfig: {
        machineType,
        diskSizeGb: 0,
        spot: machineType.startsWith("n1"),
        guestAccelerators: [{ type, count }],
      },
      autoscaling: { totalMinNodeCount: 0, totalMaxNodeCount: 1 },
    });
    const { gpu } = estimate(
      planned("gcp:container/nodePool:NodePool", "t4", pool("n1-standard-4", "nvidia-tesla-t4", 2)),
      planned("gcp:container/nodePool:NodePool", "l4", pool("g2-standard-24", "nvidia-l4", 2)),
    );
    // spot: 0.05 + 2 × 0.15
    expect(gpu.map(({ pool, count, hourly, monthlyAtMax }) => [pool, count, hourly, monthlyAtMax])).toEqual([
      ["l4", 2, 2, 1460],
      ["t4", 2, 0.35, 255.5],
    ]);
  });

  test("counts GKE's nodes per zone, three in a region", () => {
    const pool = {
      nodeConfig: { machineType: "n1-standard-4" },
      autoscaling: { minNodeCount: 1, maxNodeCount: 2 },
    };
    const [cost] = estimate(planned("gcp:container/nodePool:NodePool", "cpu", pool)).byResource;
    expect(cost?.charges[0]?.quantity).toEqual({ min: 3, expected: 3, max: 6 });
  });
});
