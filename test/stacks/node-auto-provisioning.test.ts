// Both layers of each cloud with node auto-provisioning: what the option adds, and what it takes away.
import { describe, expect, test } from "vitest";
import { find, list } from "../components/record.ts";
import { stack } from "./stack.ts";

const limits = { maxVcpus: 64, maxMemoryGib: 256 };
const gpu = { type: "nvidia-l4", count: 1 };
const withGpu = { "slipway:training": { gpu } };
interface Workload {
  spec: { template: { spec: { nodeSelector?: unknown } } };
}
const CRON_JOB = "kubernetes:batch/v1:CronJob";
const trainingNodes = (resources: Awaited<ReturnType<typeof stack>>): unknown =>
  (find(resources, CRON_JOB, "training-train") as { spec: { jobTemplate: Workload } }).spec.jobTemplate.spec
    .template.spec.nodeSelector;

describe("on EKS", () => {
  const cluster = { gpuPools: {}, nodeAutoProvisioning: { ...limits, maxGpus: { "nvidia-l4": 4 } } };

  test("Auto Mode replaces Cluster Autoscaler, and volumes stay on the nodes that can mount them", async () => {
    const resources = await stack("prod", withGpu, { cluster, cloud: { redis: undefined } });
    const names = list(resources);
    expect(names).toContain("kubernetes:karpenter.sh/v1:NodePool auto-auto-pool");
    expect(names).toContain("kubernetes:karpenter.sh/v1:NodePool auto-auto-nvidia-l4-pool");
    expect(names.filter((name) => name.includes("cluster-autoscaler"))).toEqual([]);
    const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
    for (const name of ["monitoring-prometheus-server", "feature-store-redis"])
      expect(
        (find(resources, STATEFUL_SET, name) as unknown as Workload).spec.template.spec.nodeSelector,
      ).toEqual({
        "slipway.dev/pool": "cpu",
      });
    expect(trainingNodes(resources)).toEqual({ "slipway.dev/gpu-type": "nvidia-l4" });
  });

  test("the foundation has Auto Mode", async () => {
    const names = list(await stack("prod-foundation", {}, { cluster }));
    expect(names).toContain("aws:eks/accessEntry:AccessEntry cluster-auto-nodes-entry");
  });
});

test("on GKE, pods with GPUs name the GPU as Google does", async () => {
  const cluster = { nodeAutoProvisioning: { ...limits, maxGpus: { "nvidia-l4": 4 } } };
  const resources = await stack("prod-gcp", withGpu, { cluster });
  expect(trainingNodes(resources)).toEqual({ "cloud.google.com/gke-accelerator": "nvidia-l4" });
});

test("on AKS, provisioned nodes with GPUs get the device plugin", async () => {
  const cluster = { gpuPools: {}, nodeAutoProvisioning: { ...limits, maxGpus: { "nvidia-t4": 4 } } };
  const names = list(await stack("prod-azure", {}, { cluster }));
  expect(names).toContain("kubernetes:karpenter.sh/v1:NodePool auto-auto-nvidia-t4-pool");
  expect(names).toContain("kubernetes:apps/v1:DaemonSet nvidia-device-plugin-auto-nvidia-t4-daemon");
});
