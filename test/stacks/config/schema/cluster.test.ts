import { expect, test } from "vitest";
import { registryUrl } from "../../../../stacks/config/registry-url.ts";
import { aks, cloud, eks, gke } from "./clouds.ts";
import { gpuPool, L4, parseCluster, service, type Keys } from "./parse-cluster.ts";

test.each<[string, Keys, string]>([
  ["eks", { cluster: eks }, "https://417366251839.dkr.ecr.eu-central-1.amazonaws.com"],
  [
    "gke",
    { cluster: gke, registry: { kind: "artifact-registry" } },
    "https://europe-west4-docker.pkg.dev/slipway-prod",
  ],
  ["aks", { cluster: aks, registry: { kind: "acr" } }, "https://slipway.azurecr.io"],
])("%s has a registry whose URL is known in the first preview", (_kind, keys, url) => {
  expect(registryUrl(parseCluster(keys))).toBe(url);
});

test.each([
  ["another name", { "ghcr.io": "arn:aws:secretsmanager:eu-central-1:417366251839:secret:ghcr-AbCdEf" }],
  ["no ARN", { "docker.io": "ecr-pullthroughcache/docker" }],
])("refuses an account of a public registry whose secret has %s", (_what, upstreamSecrets) => {
  const [host = ""] = Object.keys(upstreamSecrets);
  expect(() => parseCluster({ registry: { kind: "ecr", upstreamSecrets } })).toThrow(
    `slipway:registry.upstreamSecrets.${host}: must be the ARN of a secret whose name begins with ecr-pullthroughcache/`,
  );
});

const upstream = (place: string): string =>
  `arn:aws:secretsmanager:${place}:secret:ecr-pullthroughcache/ghcr-AbCdEf`;

test("takes an account of a public registry from a secret beside the registry", () => {
  const upstreamSecrets = { "ghcr.io": upstream("eu-central-1:417366251839") };
  expect(() => parseCluster({ registry: { kind: "ecr", upstreamSecrets } })).not.toThrow();
});

test.each([
  ["another region", "us-east-1:417366251839"],
  ["another account", "eu-central-1:111111111111"],
])("refuses an account of a public registry whose secret is in %s", (_what, place) => {
  const upstreamSecrets = { "ghcr.io": upstream(place) };
  expect(() => parseCluster({ registry: { kind: "ecr", upstreamSecrets } })).toThrow(
    "slipway:registry.upstreamSecrets.ghcr.io: must be a secret of the account 417366251839 in eu-central-1, because ECR reads no other",
  );
});

test("refuses an account of a registry from which ECR cannot pull", () => {
  const upstreamSecrets = {
    "nvcr.io": "arn:aws:secretsmanager:eu-central-1:1:secret:ecr-pullthroughcache/a",
  };
  expect(() => parseCluster({ registry: { kind: "ecr", upstreamSecrets } })).toThrow(
    "slipway:registry.upstreamSecrets",
  );
});

test.each([
  [
    "eks",
    { ...eks, gpuPools: { small: { type: "nvidia-l4", count: 1, spot: true, min: 0, max: 4 } } },
    "ecr",
  ],
  [
    "gke",
    { ...gke, gpuPools: { small: { type: "nvidia-l4", count: 1, spot: true, min: 0, max: 4 } } },
    "artifact-registry",
  ],
  [
    "aks",
    { ...aks, gpuPools: { small: { type: "nvidia-t4", count: 1, spot: true, min: 0, max: 4 } } },
    "acr",
  ],
])("%s takes the same keys for a GPU pool", (_kind, cluster, registry) => {
  const parsed = parseCluster({ cluster, registry: { kind: registry } });
  expect(parsed.cluster).toMatchObject({ gpuPools: { small: { count: 1, spot: true, min: 0, max: 4 } } });
});

test("aks takes zones of the cluster and of a pool, none for a region without zones, and its switches", () => {
  const switches = { encryptionAtHost: false, podLogs: false, hsmKeys: true, adminSubnet: true };
  const gpuPools = { small: { type: "nvidia-t4", count: 1, max: 1, zones: ["2"] } };
  const cluster = { ...aks, ...switches, zones: [], gpuPools };
  const parsed = parseCluster({ cluster, registry: { kind: "acr" } });
  expect(parsed.cluster).toMatchObject({ ...switches, zones: [], gpuPools: { small: { zones: ["2"] } } });
});

test.each<[string, Keys, string]>([
  [
    "a GPU that the cloud does not have",
    { ...gpuPool(L4, aks), registry: { kind: "acr" } },
    "slipway:cluster.gpuPools.small.type: must be a GPU that Azure has (nvidia-t4, nvidia-a10, nvidia-a100-40gb, nvidia-a100-80gb, nvidia-h100-80gb, nvidia-h100-94gb, nvidia-h200-141gb), got",
  ],
  [
    "a number of GPUs that no machine has",
    gpuPool({ ...L4, count: 3 }),
    "slipway:cluster.gpuPools.small.count: must be 1 or 4 or 8: no other machine of AWS has nvidia-l4, got 3",
  ],
  [
    "a zone that Azure does not have",
    { cluster: { ...aks, zones: ["4"] }, registry: { kind: "acr" } },
    'slipway:cluster.zones.0: must be "1" or "2" or "3", got "4"',
  ],
  [
    "a zone of a pool that is named twice",
    {
      ...gpuPool({ type: "nvidia-t4", count: 1, max: 1, zones: ["1", "1"] }, aks),
      registry: { kind: "acr" },
    },
    "slipway:cluster.gpuPools.small.zones: must name each zone once",
  ],
  [
    "zones of a pool on AWS",
    gpuPool({ ...L4, zones: ["eu-central-1a"] }),
    "slipway:cluster.gpuPools.small.zones: must be left out: the pools of this cloud have the zones of the cluster",
  ],
  [
    "a prefix that is too short for the name of an Azure registry",
    { cluster: aks, cloud: { ...cloud, prefix: "acme" }, registry: { kind: "acr" } },
    "slipway:cloud.prefix: must have at least 5 characters on Azure",
  ],
  ["a min above its max", gpuPool({ ...L4, min: 5 }), "small.min: must not be more than max, got 5"],
  [
    "time slices and MIG instances together",
    gpuPool({ type: "nvidia-a100-40gb", count: 8, max: 1, timeSlicing: 2, mig: "1g.5gb" }),
    "must not have both timeSlicing and mig",
  ],
  ["MIG on a GPU that does not split", gpuPool({ ...L4, mig: "1g.10gb" }), "small.mig: must be left out"],
  [
    "a TPU on AWS",
    { cluster: { ...eks, tpuPools: {} } },
    "slipway:cluster.tpuPools: must be left out: AWS has no TPUs; use neuronPools, or a gke cluster",
  ],
  [
    "Neuron chips on Google Cloud",
    { cluster: { ...gke, neuronPools: {} }, registry: { kind: "artifact-registry" } },
    "slipway:cluster.neuronPools: must be left out: Google Cloud has no Neuron chips",
  ],
  [
    "an API server that is open to the world",
    { cluster: { ...eks, adminCidrs: ["0.0.0.0/0"] } },
    "slipway:cluster.adminCidrs.0: must not be the whole internet: name your own networks",
  ],
  [
    "a network that does not start at its first address",
    { cluster: { ...eks, adminCidrs: ["192.0.2.0/24", "10.0.0.1/8"] } },
    "slipway:cluster.adminCidrs.1: must start at the first address of the network: 10.0.0.0/8 and not 10.0.0.1/8",
  ],
  [
    "one zone for a cluster of EKS",
    { cluster: { ...eks, zones: ["eu-central-1a"] } },
    "slipway:cluster.zones: must have at least 2 items",
  ],
  [
    "a tag of AWS",
    { cloud: { ...cloud, tags: { ...cloud.tags, "aws:team": "ml" } } },
    "its name must not begin with aws:, which AWS keeps for tags of its own",
  ],
  ["a cloud without an owner", { cloud: { ...cloud, tags: {} } }, "must have owner and environment"],
  [
    "a managed cluster without its cloud",
    { cloud: undefined },
    "slipway:cloud: must be set if cluster.kind is eks",
  ],
  [
    "a cloud with an existing cluster",
    { cluster: { kind: "existing" }, registry: { kind: "existing", host: "r.example.com" } },
    "slipway:cloud: must be left out if cluster.kind is existing",
  ],
  [
    "a registry of another cloud",
    { registry: { kind: "acr" } },
    "slipway:registry.kind: must be ecr if cluster.kind is eks",
  ],
  [
    "a service with a GPU that no pool has",
    { ...gpuPool(L4), ...service({ gpu: { type: "nvidia-t4" } }) },
    "slipway:environments.production.services.pushback.gpu.type: must be a GPU of cluster.gpuPools (nvidia-l4)",
  ],
  [
    "a pod with more GPUs than a node has",
    { ...gpuPool(L4), training: { gpu: { type: "nvidia-l4", count: 2 } } },
    "slipway:training.gpu.count: must be at most 1: no node of cluster.gpuPools has more for one pod",
  ],
  [
    "a region without the machine of a pool",
    gpuPool({ type: "nvidia-a100-40gb", count: 8, max: 1 }, { ...eks, region: "eu-south-1" }),
    "slipway:cluster.region: must be a region with p4d.24xlarge: ",
  ],
  [
    "a pod with two slices of one GPU",
    { ...gpuPool({ ...L4, timeSlicing: 4 }), training: { gpu: { type: "nvidia-l4", count: 2 } } },
    "slipway:training.gpu.count: must be at most 1",
  ],
  [
    "a machine type of Redis on Google Cloud",
    {
      cluster: gke,
      registry: { kind: "artifact-registry" },
      cloud: { ...cloud, redis: { machine: "cache.r7g.large" } },
    },
    "slipway:cloud.redis.machine: must be left out on Google Cloud, whose Redis has no machine types: use memoryGib",
  ],
  [
    "a billing account on AWS",
    { cloud: { ...cloud, budget: { ...cloud.budget, billingAccount: "01A2B3-C4D5E6-F7A8B9" } } },
    "slipway:cloud.budget.billingAccount: must be left out",
  ],
  [
    "spot nodes without GPUs on AKS",
    { cluster: { ...aks, nodePools: { cpu: { spot: true, max: 3 } } }, registry: { kind: "acr" } },
    "slipway:cluster.nodePools: must not have spot on AKS",
  ],
  [
    "a rolling update that does not fit the pools",
    { ...gpuPool(L4), ...service({ gpu: { type: "nvidia-l4" }, replicas: 4 }) },
    "pushback.gpu: must fit into cluster.gpuPools: they have room for 4 pods, and 5 are needed, one of them for a rolling update; raise max of a pool",
  ],
])("refuses %s, and says what to do", (_title, keys, message) => {
  expect(() => parseCluster(keys)).toThrow(message);
});

test("the last service that fits the quota is accepted", () => {
  expect(() =>
    parseCluster({ ...gpuPool(L4), ...service({ gpu: { type: "nvidia-l4" }, replicas: 3 }) }),
  ).not.toThrow();
});

test("any GPU may be requested on an existing cluster, whose GPUs are not known", () => {
  const keys = {
    cluster: { kind: "existing" },
    cloud: undefined,
    registry: { kind: "existing", host: "r.example.com" },
    ...service({ gpu: { type: "nvidia-l4", count: 2 } }),
  };
  expect(() => parseCluster(keys)).not.toThrow();
});
