// Rules about keys of node pools, by cloud.
import { expect, test } from "vitest";
import { parseLayers } from "../parse-layers.ts";
import { aks, cloud, eks, gke } from "./clouds.ts";

type Keys = Record<string, unknown>;
const REGISTRIES = { eks: "ecr", gke: "artifact-registry", aks: "acr" } as const;

const parse = (cluster: Keys & { kind: keyof typeof REGISTRIES }, more: Keys = {}) =>
  parseLayers({
    cluster,
    cloud,
    registry: { kind: REGISTRIES[cluster.kind] },
    images: { lockFile: "images.lock.json" },
    alerts: { receiver: "slack", slackUrlSecret: "slack" },
    environments: { production: {} },
    ...more,
  });
const l4 = { type: "nvidia-l4", count: 1, max: 4 };

test("accepts a list of machine types for spot pools of EKS", () => {
  const { cluster } = parse({
    ...eks,
    nodePools: { cpu: { spot: true, max: 9, spotMachines: ["m7a.2xlarge", "m6i.2xlarge"] } },
    gpuPools: { l4: { ...l4, spot: true, spotMachines: ["g6.2xlarge"] } },
  });
  expect(cluster).toMatchObject({ gpuPools: { l4: { spotMachines: ["g6.2xlarge"] } } });
});

const block = { kind: "block", id: "cr-0a1b2c", zone: "eu-central-1b" };
const h100 = { type: "nvidia-h100-80gb", count: 8, max: 2 };

test("GPU pools may have reserved capacity", () => {
  expect(() => parse({ ...eks, gpuPools: { h100: { ...h100, capacity: block } } })).not.toThrow();
  const waiting = { ...h100, count: 1, capacity: { kind: "flex-start", maxRunHours: 24 } };
  expect(() => parse({ ...gke, gpuPools: { h100: waiting } })).not.toThrow();
});

const limits = { maxVcpus: 64, maxMemoryGib: 256 };

test("a service may have a GPU that the cluster provisions by itself", () => {
  const services = (count: number): Keys => ({
    environments: {
      production: {
        services: { pushback: { workload: "flight-delays", replicas: 1, gpu: { type: "nvidia-l4", count } } },
      },
    },
  });
  const cluster = { ...eks, nodeAutoProvisioning: { ...limits, maxGpus: { "nvidia-l4": 4 } } };
  expect(() => parse(cluster, services(1))).not.toThrow();
  expect(() => parse(cluster, services(8))).toThrow("gpu.count: must be at most 4");
  expect(() => parse(cluster, services(4))).toThrow("they have room for 1 pods, and 2 are needed");
  expect(() => parse({ ...eks, nodeAutoProvisioning: limits }, services(1))).toThrow(
    "gpu.type: must be a GPU of cluster.gpuPools (there are none)",
  );
});

test("a limit of GKE does not count pools whose machine has no known size", () => {
  const nodePools = { cpu: { machine: "m9-standard-64", min: 3, max: 6 } };
  const nodeAutoProvisioning = { maxVcpus: 4, maxMemoryGib: 16 };
  expect(() => parse({ ...gke, nodePools, nodeAutoProvisioning })).not.toThrow();
});

test("a limit of GPUs on GKE may be what the pools of their type have at their minimum", () => {
  const gpuPools = { l4: { ...l4, min: 2 }, t4: { type: "nvidia-t4", count: 4, min: 1, max: 1 } };
  const nodeAutoProvisioning = { ...limits, maxGpus: { "nvidia-l4": 2 } };
  expect(() => parse({ ...gke, gpuPools, nodeAutoProvisioning })).not.toThrow();
});

test("a limit of EKS does not count the pools", () => {
  const nodeAutoProvisioning = { maxVcpus: 4, maxMemoryGib: 16 };
  expect(() => parse({ ...eks, nodeAutoProvisioning })).not.toThrow();
});

test.each<[string, () => unknown, string]>([
  [
    "a capacity block outside of the zones of the cluster",
    () => parse({ ...eks, gpuPools: { h100: { ...h100, capacity: { ...block, zone: "eu-central-1d" } } } }),
    "slipway:cluster.gpuPools.h100.capacity.zone: must be a zone of the cluster (eu-central-1a, eu-central-1b, eu-central-1c)",
  ],
  [
    "reserved capacity for spot nodes",
    () => parse({ ...eks, gpuPools: { h100: { ...h100, spot: true, capacity: block } } }),
    "slipway:cluster.gpuPools.h100.spot: must be left out beside capacity",
  ],
  [
    "nodes with flex-start that always run",
    () => parse({ ...gke, gpuPools: { h100: { ...h100, min: 1, capacity: { kind: "flex-start" } } } }),
    "slipway:cluster.gpuPools.h100.min: must be 0 with capacity of the kind flex-start",
  ],
  [
    "fewer H100 on demand on Google Cloud, with the way to get them",
    () => parse({ ...gke, gpuPools: { h100: { ...h100, count: 1 } } }),
    "sells machines with fewer than 8 as Spot only, or with capacity: { kind: flex-start }",
  ],
  [
    "auto-provisioning without limits",
    () => parse({ ...eks, nodeAutoProvisioning: { maxVcpus: 64 } }),
    "slipway:cluster.nodeAutoProvisioning.maxMemoryGib: must be a whole number of at least 16, got nothing",
  ],
  [
    "node groups of GPUs beside Auto Mode",
    () => parse({ ...eks, nodeAutoProvisioning: limits, gpuPools: { l4 } }),
    "slipway:cluster.gpuPools: must be left out beside cluster.nodeAutoProvisioning: the autoscaler of node groups does not run beside it",
  ],
  [
    "Neuron pools beside Auto Mode",
    () =>
      parse({
        ...eks,
        nodeAutoProvisioning: limits,
        neuronPools: { inf: { machine: "inf2.xlarge", max: 1 } },
      }),
    "slipway:cluster.neuronPools: must be left out beside cluster.nodeAutoProvisioning",
  ],
  [
    "a GPU that the cloud lacks",
    () => parse({ ...aks, nodeAutoProvisioning: { ...limits, maxGpus: { "nvidia-l4": 4 } } }),
    "slipway:cluster.nodeAutoProvisioning.maxGpus.nvidia-l4: must be a GPU that Azure has",
  ],
  [
    "fewer GPUs than the smallest machine has",
    () => parse({ ...eks, nodeAutoProvisioning: { ...limits, maxGpus: { "nvidia-a100-80gb": 4 } } }),
    "maxGpus.nvidia-a100-80gb: must be at least 8: no machine has fewer",
  ],
  [
    "fewer H100 than are sold on demand on Google Cloud",
    () => parse({ ...gke, nodeAutoProvisioning: { ...limits, maxGpus: { "nvidia-h100-80gb": 4 } } }),
    "maxGpus.nvidia-h100-80gb: must be at least 8: fewer are sold as Spot only",
  ],
  [
    "pools of GPUs beside auto-provisioning on AKS",
    () =>
      parse({
        ...aks,
        nodeAutoProvisioning: limits,
        gpuPools: { t4: { type: "nvidia-t4", count: 1, max: 1 } },
      }),
    "slipway:cluster.gpuPools: must be left out beside cluster.nodeAutoProvisioning: the autoscaler of node pools does not run beside it",
  ],
  [
    "fewer vCPUs than the pools of GKE have at their minimum",
    () =>
      parse({
        ...gke,
        nodePools: { cpu: { machine: "n2-standard-16", min: 3, max: 6 } },
        gpuPools: { l4: { ...l4, count: 2, min: 1 }, t4: { type: "nvidia-t4", count: 1, max: 1 } },
        nodeAutoProvisioning: { maxVcpus: 64, maxMemoryGib: 512 },
      }),
    "slipway:cluster.nodeAutoProvisioning.maxVcpus: must be at least 76 vCPUs, which the pools have at their minimum (system 1 x 4, cpu 3 x 16, l4 1 x 24): on GKE the limit counts all nodes of the cluster, got 64; set it to that, and what new nodes may add",
  ],
  [
    "less memory than the default pools of GKE have at their minimum",
    () => parse({ ...gke, nodeAutoProvisioning: { maxVcpus: 8, maxMemoryGib: 16 } }),
    "slipway:cluster.nodeAutoProvisioning.maxMemoryGib: must be at least 32 GiB, which the pools have at their minimum (system 1 x 16, cpu 1 x 16)",
  ],
  [
    "fewer GPUs than the pools of GKE have at their minimum",
    () =>
      parse({
        ...gke,
        gpuPools: { slow: { ...l4, count: 2, min: 2 }, shared: { ...l4, min: 1, timeSlicing: 4 }, burst: l4 },
        nodeAutoProvisioning: { maxVcpus: 128, maxMemoryGib: 512, maxGpus: { "nvidia-l4": 4 } },
      }),
    "slipway:cluster.nodeAutoProvisioning.maxGpus.nvidia-l4: must be at least 5 GPUs, which the pools have at their minimum (slow 2 x 2, shared 1 x 1): on GKE the limit counts all nodes of the cluster, got 4; set it to that, and what new nodes may add",
  ],
  [
    "spot nodes by auto-provisioning on GKE",
    () => parse({ ...gke, nodeAutoProvisioning: { ...limits, spot: true } }),
    "slipway:cluster.nodeAutoProvisioning.spot: must be left out on GKE",
  ],
  [
    "several machine types without spot",
    () => parse({ ...eks, gpuPools: { l4: { ...l4, spotMachines: ["g6.2xlarge"] } } }),
    "slipway:cluster.gpuPools.l4.spotMachines: must be left out if spot is not true: other pools have one machine type",
  ],
  [
    "machine types with other processors",
    () => parse({ ...eks, nodePools: { cpu: { spot: true, max: 9, spotMachines: ["m7g.2xlarge"] } } }),
    "slipway:cluster.nodePools.cpu.spotMachines: must have amd64 processors: the node image of the pool is for them",
  ],
  [
    "several machine types on GKE",
    () => parse({ ...gke, nodePools: { cpu: { spot: true, max: 9, spotMachines: ["n2.2xlarge"] } } }),
    "slipway:cluster.nodePools.cpu.spotMachines: must be left out: only on EKS a pool has several machine types",
  ],
  [
    "several machine types on AKS",
    () =>
      parse({
        ...aks,
        gpuPools: { t4: { type: "nvidia-t4", count: 1, max: 1, spot: true, spotMachines: ["a.b"] } },
      }),
    "slipway:cluster.gpuPools.t4.spotMachines: must be left out: only on EKS",
  ],
])("refuses %s", (_title, run, message) => {
  expect(run).toThrow(message);
});

test.each<[string, Keys & { kind: keyof typeof REGISTRIES }, string]>([
  [
    "EKS",
    { ...eks, nodePools: { cpu: { max: 1e9 } } },
    "cluster.nodePools.cpu.max: must be at most 5000: Kubernetes supports no more nodes, and EKS",
  ],
  [
    "EKS with chips",
    { ...eks, neuronPools: { inf: { machine: "inf2.xlarge", max: 5001 } } },
    "cluster.neuronPools.inf.max: must be at most 5000",
  ],
  [
    "GKE",
    { ...gke, gpuPools: { l4: { ...l4, zones: ["europe-west4-a"], max: 1001 } } },
    "cluster.gpuPools.l4.max: must be at most 1000: a pool of GKE has at most 1000 nodes in a zone",
  ],
  [
    "AKS",
    { ...aks, nodePools: { cpu: { max: 1001 } } },
    "cluster.nodePools.cpu.max: must be at most 1000: a pool of AKS has no more nodes",
  ],
  ["any cloud", { ...aks, nodePools: { cpu: { max: 1e308 } } }, "cluster.nodePools.cpu.max: must be"],
])("refuses a pool that may get more nodes than %s allows", (_cloud, cluster, message) => {
  expect(() => parse(cluster)).toThrow(message);
});

test("accepts the largest pools of each cloud", () => {
  expect(() => parse({ ...eks, nodePools: { cpu: { max: 5000 } } })).not.toThrow();
  expect(() => parse({ ...gke, nodePools: { cpu: { max: 4000 } } })).not.toThrow();
  expect(() => parse({ ...aks, nodePools: { cpu: { max: 1000 } } })).not.toThrow();
});

test("refuses tags with a prefix that Azure keeps, on Azure alone", () => {
  const tagged = { cloud: { ...cloud, tags: { ...cloud.tags, "azure-team": "ml" } } };
  expect(() => parse(aks, tagged)).toThrow(
    "cloud.tags.azure-team: must not begin with azure, which Azure keeps for tags of its own",
  );
  expect(() => parse(eks, tagged)).not.toThrow();
});
