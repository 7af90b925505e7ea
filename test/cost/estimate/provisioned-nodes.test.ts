import { expect, test } from "vitest";
import { estimateCost } from "../../../cost/estimate/estimate.ts";
import { loadPrices } from "../../../cost/prices/load-prices.ts";
import { planned } from "../planned.ts";

const prices = loadPrices();
const POOL = "kubernetes:karpenter.sh/v1:NodePool";
const onEks = planned("aws:eks/cluster:Cluster", "cluster", { region: "eu-central-1" });

test("a node pool of EKS Auto Mode costs nothing at first, and at most its limit with the fee", () => {
  const pool = planned(POOL, "auto-pool", { spec: { limits: { cpu: 20, memory: "64Gi" } } });
  const { byResource, assumptions } = estimateCost([onEks, pool], { prices });
  const [charge] = byResource.find(({ name }) => name === "auto-pool")!.charges;
  expect(charge).toMatchObject({ what: "provisioned nodes", monthly: { min: 0, expected: 0 } });
  expect(charge?.monthly.max).toBeCloseTo(3 * 0.483 * 1.12 * 730, 0);
  expect(assumptions.join()).toContain(
    "auto-pool creates nodes for pending pods, up to 20 vCPUs: none is expected, and the maximum is that of 3 m7i.2xlarge, with the fee of EKS Auto Mode",
  );
});

test("a node pool with GPUs has the price of the smallest machine with them", () => {
  const pool = planned(POOL, "gpus", {
    spec: {
      limits: { "nvidia.com/gpu": 4 },
      template: { metadata: { labels: { "slipway.dev/gpu-type": "nvidia-l4" } } },
    },
  });
  const { byResource } = estimateCost([onEks, pool], { prices });
  const [charge] = byResource.find(({ name }) => name === "gpus")!.charges;
  expect(charge?.monthly.max).toBeCloseTo(4 * 1.0064 * 1.12 * 730, 0);
});

test("node auto-provisioning of GKE has the price of its limit of vCPUs", () => {
  const cluster = planned("gcp:container/cluster:Cluster", "cluster", {
    location: "europe-west4",
    removeDefaultNodePool: true,
    clusterAutoscaling: { enabled: true, resourceLimits: [{ resourceType: "cpu", maximum: 40 }] },
  });
  const { byResource, assumptions } = estimateCost([cluster], { prices });
  const charge = byResource[0]!.charges.find(({ what }) => what === "provisioned nodes");
  expect(charge?.monthly).toMatchObject({ min: 0, expected: 0 });
  expect(charge?.monthly.max).toBeCloseTo(10 * 0.14754 * 730, 0);
  expect(assumptions.join()).toContain("up to 40 vCPUs");
});
