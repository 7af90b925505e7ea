// Tables of configs that are refused, by cloud: the same helpers build them all.
import { expect, test } from "vitest";
import type { StackConfig } from "../../../../stacks/config/schema.ts";
import { registryUrl } from "../../../../stacks/config/registry-url.ts";
import { parseLayers } from "../parse-layers.ts";

type Keys = Record<string, unknown>;

const cloud = {
  prefix: "slipway",
  tags: { owner: "ml", environment: "production" },
  budget: { monthlyUsd: 1000, emails: ["ml@example.com"] },
};
const eks = { kind: "eks", account: "417366251839", region: "eu-central-1" };
const gke = { kind: "gke", project: "slipway-prod", region: "europe-west4" };
const guid = "6f1d3c5e-8a3b-4a52-9d0e-2f6b7c8d9e0f";
const aks = {
  kind: "aks",
  subscription: guid,
  tenant: guid,
  adminGroups: [guid],
  region: "germanywestcentral",
};
const l4 = { type: "nvidia-l4", count: 1, max: 4 };
const service = (settings: Keys): Keys => ({
  environments: { production: { services: { pushback: { workload: "flight-delays", ...settings } } } },
});

function parse(keys: Keys): StackConfig {
  return parseLayers({
    cluster: eks,
    cloud,
    registry: { kind: "ecr" },
    images: { lockFile: "images.lock.json" },
    alerts: { receiver: "slack", slackUrlSecret: "slack" },
    ...service({}),
    ...keys,
  });
}

test.each<[string, Keys, string]>([
  ["eks", { cluster: eks }, "https://417366251839.dkr.ecr.eu-central-1.amazonaws.com"],
  [
    "gke",
    { cluster: gke, registry: { kind: "artifact-registry" } },
    "https://europe-west4-docker.pkg.dev/slipway-prod",
  ],
  ["aks", { cluster: aks, registry: { kind: "acr" } }, "https://slipway.azurecr.io"],
])("%s has a registry whose URL is known in the first preview", (_kind, keys, url) => {
  expect(registryUrl(parse(keys))).toBe(url);
});

test.each([
  ["another name", { "ghcr.io": "arn:aws:secretsmanager:eu-central-1:417366251839:secret:ghcr-AbCdEf" }],
  ["no ARN", { "docker.io": "ecr-pullthroughcache/docker" }],
])("refuses an account of a public registry whose secret has %s", (_what, upstreamSecrets) => {
  const [host = ""] = Object.keys(upstreamSecrets);
  expect(() => parse({ registry: { kind: "ecr", upstreamSecrets } })).toThrow(
    `slipway:registry.upstreamSecrets.${host}: must be the ARN of a secret whose name begins with ecr-pullthroughcache/`,
  );
});

test("refuses an account of a registry from which ECR cannot pull", () => {
  const upstreamSecrets = {
    "nvcr.io": "arn:aws:secretsmanager:eu-central-1:1:secret:ecr-pullthroughcache/a",
  };
  expect(() => parse({ registry: { kind: "ecr", upstreamSecrets } })).toThrow(
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
  const parsed = parse({ cluster, registry: { kind: registry } });
  expect(parsed.cluster).toMatchObject({ gpuPools: { small: { count: 1, spot: true, min: 0, max: 4 } } });
});

test("aks takes zones of the cluster and of a pool, none for a region without zones, and its switches", () => {
  const switches = { encryptionAtHost: false, podLogs: false, hsmKeys: true, adminSubnet: true };
  const gpuPools = { small: { type: "nvidia-t4", count: 1, max: 1, zones: ["2"] } };
  const cluster = { ...aks, ...switches, zones: [], gpuPools };
  const parsed = parse({ cluster, registry: { kind: "acr" } });
  expect(parsed.cluster).toMatchObject({ ...switches, zones: [], gpuPools: { small: { zones: ["2"] } } });
});

const pools = (pool: Keys, cluster: Keys = eks): Keys => ({
  cluster: { ...cluster, gpuPools: { small: pool } },
});

test.each<[string, Keys, string]>([
  [
    "a GPU that the cloud does not have",
    { ...pools(l4, aks), registry: { kind: "acr" } },
    "slipway:cluster.gpuPools.small.type: must be a GPU that Azure has (nvidia-t4, nvidia-a10, nvidia-a100-40gb, nvidia-a100-80gb, nvidia-h100-80gb, nvidia-h100-94gb, nvidia-h200-141gb), got",
  ],
  [
    "a number of GPUs that no machine has",
    pools({ ...l4, count: 3 }),
    "slipway:cluster.gpuPools.small.count: must be 1 or 4 or 8: no other machine of AWS has nvidia-l4, got 3",
  ],
  [
    "a zone that Azure does not have",
    { cluster: { ...aks, zones: ["4"] }, registry: { kind: "acr" } },
    'slipway:cluster.zones.0: must be "1" or "2" or "3", got "4"',
  ],
  [
    "a zone of a pool that is named twice",
    { ...pools({ type: "nvidia-t4", count: 1, max: 1, zones: ["1", "1"] }, aks), registry: { kind: "acr" } },
    "slipway:cluster.gpuPools.small.zones: must name each zone once",
  ],
  [
    "zones of a pool on AWS",
    pools({ ...l4, zones: ["eu-central-1a"] }),
    "slipway:cluster.gpuPools.small.zones: must be left out: the pools of this cloud have the zones of the cluster",
  ],
  [
    "a prefix that is too short for the name of an Azure registry",
    { cluster: aks, cloud: { ...cloud, prefix: "acme" }, registry: { kind: "acr" } },
    "slipway:cloud.prefix: must have at least 5 characters on Azure",
  ],
  ["a min above its max", pools({ ...l4, min: 5 }), "small.min: must not be more than max, got 5"],
  [
    "time slices and MIG instances together",
    pools({ type: "nvidia-a100-40gb", count: 8, max: 1, timeSlicing: 2, mig: "1g.5gb" }),
    "must not have both timeSlicing and mig",
  ],
  ["MIG on a GPU that does not split", pools({ ...l4, mig: "1g.10gb" }), "small.mig: must be left out"],
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
    { ...pools(l4), ...service({ gpu: { type: "nvidia-t4" } }) },
    "slipway:environments.production.services.pushback.gpu.type: must be a GPU of cluster.gpuPools (nvidia-l4)",
  ],
  [
    "a pod with more GPUs than a node has",
    { ...pools(l4), training: { gpu: { type: "nvidia-l4", count: 2 } } },
    "slipway:training.gpu.count: must be at most 1: no node of cluster.gpuPools has more for one pod",
  ],
  [
    "a region without the machine of a pool",
    pools({ type: "nvidia-a100-40gb", count: 8, max: 1 }, { ...eks, region: "eu-south-1" }),
    "slipway:cluster.region: must be a region with p4d.24xlarge: ",
  ],
  [
    "a pod with two slices of one GPU",
    { ...pools({ ...l4, timeSlicing: 4 }), training: { gpu: { type: "nvidia-l4", count: 2 } } },
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
    { ...pools(l4), ...service({ gpu: { type: "nvidia-l4" }, replicas: 4 }) },
    "pushback.gpu: must fit into cluster.gpuPools: they have room for 4 pods, and 5 are needed, one of them for a rolling update; raise max of a pool",
  ],
])("refuses %s, and says what to do", (_title, keys, message) => {
  expect(() => parse(keys)).toThrow(message);
});

const ADMIN = "arn:aws:iam::123456789012:role/platform-admin";

test("on AWS, two zones are enough", () => {
  const zones = ["eu-central-1a", "eu-central-1c"];
  expect(parse({ cluster: { ...eks, zones, adminRoleArns: [ADMIN] } }).cluster).toMatchObject({ zones });
});

test.each<[string, object, string]>([
  ["an invalid role", { adminRoleArns: ["admin"] }, "adminRoleArns.0: must be the ARN of a role"],
  [
    "another region's zones",
    { zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] },
    "zones: must be different zones of eu-central-1",
  ],
  [
    "a zone twice",
    { zones: ["eu-central-1a", "eu-central-1a", "eu-central-1b"] },
    "zones: must be different zones of eu-central-1",
  ],
  ["one zone", { zones: ["eu-central-1a"] }, "zones"],
  ["four zones", { zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c", "eu-central-1d"] }, "zones"],
  ["a role twice", { adminRoleArns: [ADMIN, ADMIN] }, "adminRoleArns: must name each role once"],
  ["another kind of NAT", { nat: "two" }, "nat"],
  [
    "a zone without EKS",
    { region: "us-east-1", zones: ["use1-az1", "use1-az3"] },
    "zones: must be zones that EKS supports: it creates no cluster in use1-az3",
  ],
  [
    "fewer nodes than zones",
    { nodePools: { cpu: { max: 2 } } },
    "nodePools.cpu.max: must be at least 3: each zone has nodes of its own",
  ],
  ["a viewer that is no role", { viewerRoleArns: ["viewer"] }, "viewerRoleArns.0: must be the ARN of a role"],
  [
    "a period that CloudWatch lacks",
    { podLogDays: 10 },
    "podLogDays: must be a period of CloudWatch: 1, 3, 5",
  ],
  [
    "a period of logs that CloudWatch lacks",
    { logDays: 100 },
    "logDays: must be a period of CloudWatch: 1, 3, 5",
  ],
  [
    "a release without its build",
    { nodeReleases: { bottlerocket: "1.62.0" } },
    "nodeReleases.bottlerocket: must be a version with its build, such as 1.62.0-1b2c3d4e",
  ],
  [
    "a version that is no add-on's",
    { addOnVersions: { coredns: "latest" } },
    "addOnVersions.coredns: must be a version such as v1.14.3-eksbuild.23",
  ],
  ["an endpoint twice", { vpcEndpoints: ["kms", "kms"] }, "vpcEndpoints: must name each service once"],
])("on AWS, refuses %s", (_what, more, message) => {
  expect(() => parse({ cluster: { ...eks, ...more } })).toThrow(`slipway:cluster.${message}`);
});

test.each<[string | undefined, string]>([
  ["1.36", "1.35.4-20261020"],
  [undefined, "1.34.9-20260901"],
  ["1.35", "1.36.2-20261120"],
])(
  "on AWS with Kubernetes %s, refuses the Neuron image %s, and says how to get another",
  (version, neuron) => {
    const nodeReleases = { neuron };
    const neuronPools = { inf: { machine: "inf2.xlarge", max: 1 } };
    expect(() => parse({ cluster: { ...eks, version, nodeReleases, neuronPools } })).toThrow(
      `slipway:cluster.nodeReleases.neuron: must be a release for Kubernetes ${version ?? "1.36"}, the version of the cluster, got "${neuron}"; npm run patch -- --stack NAME`,
    );
    expect(() => parse({ cluster: { ...eks, version, nodeReleases } })).not.toThrow(); // no pool has the image
  },
);

test("on AWS, accepts a Neuron image of the version of the cluster, and any Bottlerocket", () => {
  const neuronPools = { inf: { machine: "inf2.xlarge", max: 1 } };
  const nodeReleases = { neuron: "1.35.4-20261020", bottlerocket: "1.62.0-1b2c3d4e" };
  expect(() => parse({ cluster: { ...eks, version: "1.35", nodeReleases, neuronPools } })).not.toThrow();
});

const onGke = (more: object): Keys => ({
  cluster: { ...gke, ...more },
  registry: { kind: "artifact-registry" },
});

test("on Google Cloud, the cluster and its GPU pools take zones, and the policy of the project may be replaced", () => {
  const zones = ["europe-west4-a", "europe-west4-c"];
  const binaryAuthorization = { replaceProjectPolicy: true, imageSources: ["ghcr.io/external-secrets/**"] };
  const gpuPools = { own: { ...l4, zones: ["europe-north2-a"] } };
  expect(parse(onGke({ zones, binaryAuthorization })).cluster).toMatchObject({ zones, binaryAuthorization });
  expect(parse(onGke({ region: "europe-north2", gpuPools })).cluster).toMatchObject({ gpuPools });
});

test.each<[string, object, string]>([
  [
    "a GPU in a region where no zone is known to have it",
    { region: "europe-north2", gpuPools: { small: l4 } },
    "gpuPools.small.zones: must be set for nvidia-l4 in europe-north2, where no zone is known to have it",
  ],
  [
    "another region's zones of a pool",
    { gpuPools: { small: { ...l4, zones: ["europe-west1-b"] } } },
    "gpuPools.small.zones: must be different zones of europe-west4",
  ],
  [
    "another region's zones",
    { zones: ["us-central1-a", "us-central1-b"] },
    "zones: must be different zones of europe-west4",
  ],
  ["one zone", { zones: ["europe-west4-a"] }, "zones"],
  ["logs that are not kept for a day", { logDays: 0 }, "logDays: must be at least 1"],
  [
    "a part of a host with H100 on demand",
    { gpuPools: { small: { type: "nvidia-h100-80gb", count: 2, max: 1 } } },
    "gpuPools.small.spot: must be true for 2 nvidia-h100-80gb on Google Cloud",
  ],
  [
    "image sources without the word that the policy of the project may be replaced",
    { binaryAuthorization: { imageSources: ["ghcr.io/a/**"] } },
    "binaryAuthorization.replaceProjectPolicy",
  ],
])("on Google Cloud, refuses %s", (_what, more, message) => {
  expect(() => parse(onGke(more))).toThrow(`slipway:cluster.${message}`);
});

test("the last service that fits the quota is accepted", () => {
  expect(() =>
    parse({ ...pools(l4), ...service({ gpu: { type: "nvidia-l4" }, replicas: 3 }) }),
  ).not.toThrow();
});

test("any GPU may be requested on an existing cluster, whose GPUs are not known", () => {
  const keys = {
    cluster: { kind: "existing" },
    cloud: undefined,
    registry: { kind: "existing", host: "r.example.com" },
    ...service({ gpu: { type: "nvidia-l4", count: 2 } }),
  };
  expect(() => parse(keys)).not.toThrow();
});
