import { expect, test } from "vitest";
import type { StackConfig } from "../../../../stacks/config/schema.ts";
import { parseLayers } from "../parse-layers.ts";

type Keys = Record<string, unknown>;

const cloud = {
  prefix: "slipway",
  tags: { owner: "ml", environment: "production" },
  budget: { monthlyUsd: 1000, emails: ["ml@example.com"] },
};
const guid = "6f1d3c5e-8a3b-4a52-9d0e-2f6b7c8d9e0f";
const CLUSTERS = {
  eks: [{ kind: "eks", account: "417366251839", region: "eu-central-1" }, { kind: "ecr" }],
  gke: [{ kind: "gke", project: "slipway-prod", region: "europe-west4" }, { kind: "artifact-registry" }],
  aks: [
    { kind: "aks", subscription: guid, tenant: guid, adminGroups: [guid], region: "germanywestcentral" },
    { kind: "acr" },
  ],
  existing: [{ kind: "existing" }, { kind: "existing", host: "r.example.com" }],
} as const;
type Cluster = keyof typeof CLUSTERS;
const TARGETS_OF: Record<Cluster, string[]> = {
  eks: ["sagemaker", "lambda"],
  gke: ["vertex", "cloud-run", "cloud-functions"],
  aks: ["azure-ml", "azure-functions"],
  existing: [],
};

const digest = `sha256:${"a".repeat(64)}`;
const canary = { model: { digest: `sha256:${"b".repeat(64)}` }, percent: 10 };

function parse(kind: Cluster, target: Keys, settings: Keys = {}, more: Keys = {}): StackConfig {
  const [cluster, registry] = CLUSTERS[kind];
  const service = { workload: "flight-delays", model: { digest }, target, ...settings };
  const targets = TARGETS_OF[kind];
  return parseLayers({
    cluster,
    registry,
    ...(kind === "existing" ? {} : { cloud: { ...cloud, targets } }),
    images: { lockFile: "images.lock.json" },
    alerts: { receiver: "slack", slackUrlSecret: "slack" },
    environments: { production: { services: { pushback: service } } },
    ...more,
  });
}

test.each<[Cluster, Keys]>([
  ["eks", { kind: "sagemaker" }],
  ["eks", { kind: "sagemaker", instanceType: "ml.g5.xlarge", minInstances: 1, maxInstances: 4, canary }],
  ["eks", { kind: "lambda", minInstances: 0, canary: { stableVersion: "7", percent: 0.5 } }],
  ["eks", { kind: "lambda", callers: ["arn:aws:iam::111122223333:role/gate"] }],
  ["gke", { kind: "vertex", endpointId: "4711", live: true, canary }],
  ["gke", { kind: "cloud-run", minInstances: 0, canary: { stableRevision: "web-00007-abc", percent: 5 } }],
  ["aks", { kind: "azure-ml", canary: { ...canary, percent: 0 } }],
  ["aks", { kind: "azure-functions", image: `slipway/functions@${digest}`, size: "EP2" }],
])("on %s a service may run on %o", (kind, target) => {
  expect(parse(kind, target).environments["production"]?.services["pushback"]?.target).toMatchObject(target);
});

test("by default nobody may call a target, and no target is live", () => {
  const target = (kind: Cluster, keys: Keys): unknown =>
    parse(kind, keys).environments["production"]?.services["pushback"]?.target;
  expect(target("eks", { kind: "lambda" })).toMatchObject({ callers: [] });
  expect(target("gke", { kind: "cloud-run" })).toMatchObject({ invokers: [] });
  expect(target("gke", { kind: "vertex", endpointId: "1" })).toMatchObject({ invokers: [], live: false });
  expect(target("aks", { kind: "azure-ml" })).toMatchObject({ live: false });
});

const service = "slipway:environments.production.services.pushback";
test.each<[string, Cluster, Keys, string]>([
  [
    "a target that does not exist",
    "eks",
    { kind: "fargate" },
    `${service}.target.kind: must be one of "sagemaker", "lambda", "vertex", "cloud-run", "cloud-functions", "azure-ml", "azure-functions", got "fargate"; change the stack's file`,
  ],
  [
    "a target of another cloud",
    "eks",
    { kind: "cloud-run" },
    `${service}.target.kind: must be sagemaker or lambda if cluster.kind is eks; cloud-run needs gke, got "cloud-run"; change the stack's file`,
  ],
  [
    "a target with an existing cluster",
    "existing",
    { kind: "lambda" },
    `${service}.target: must be left out if cluster.kind is existing: such a stack creates nothing in a cloud, and the service runs in the cluster`,
  ],
  [
    "a key of another target",
    "eks",
    { kind: "sagemaker", memoryMib: 2048 },
    `${service}.target.memoryMib: no such key`,
  ],
  [
    "minInstances above maxInstances",
    "eks",
    { kind: "sagemaker", minInstances: 3, maxInstances: 2 },
    `${service}.target.minInstances: must not be more than maxInstances, got 3; change the stack's file`,
  ],
  [
    "no instances of a target that must keep one",
    "eks",
    { kind: "sagemaker", minInstances: 0 },
    `${service}.target.minInstances: must be at least 1, got 0`,
  ],
  [
    "a canary that gets all requests",
    "eks",
    { kind: "sagemaker", canary: { ...canary, percent: 100 } },
    `${service}.target.canary.percent: must be at most 99, got 100`,
  ],
  [
    "a canary with the model of the service",
    "eks",
    { kind: "sagemaker", canary: { ...canary, model: { digest } } },
    `${service}.target.canary.model.digest: must differ from model.digest`,
  ],
  [
    "a canary of Lambda that names a model",
    "eks",
    { kind: "lambda", canary },
    `${service}.target.canary.stableVersion: must be a text, got nothing`,
  ],
  [
    "everybody as a caller",
    "gke",
    { kind: "cloud-run", invokers: ["allUsers"] },
    `${service}.target.invokers.0: must be a member such as serviceAccount:<email>, and not allUsers, got "allUsers"`,
  ],
  [
    "every role as a caller",
    "eks",
    { kind: "lambda", callers: ["arn:aws:iam::111122223333:role/*"] },
    `${service}.target.callers.0: must be the ARN of one role or user`,
  ],
  [
    "an image by tag",
    "aks",
    { kind: "azure-functions", image: "slipway/functions:latest" },
    `${service}.target.image: must be <repository>@sha256:<64 hex digits>`,
  ],
])("refuses %s", (_what, kind, target, message) => {
  expect(() => parse(kind, target)).toThrow(message);
});

test.each<[string, unknown]>([
  ["replicas", 2],
  ["cpuRequestMillis", 100],
  ["cpuLimitMillis", 1000],
  ["memoryMib", 1024],
  ["logMaxEntries", 10],
  ["drainSeconds", 5],
])("refuses %s beside a target, because it configures pods", (key, value) => {
  expect(() => parse("eks", { kind: "lambda" }, { [key]: value })).toThrow(
    `${service}.${key}: must be left out beside target: it configures pods`,
  );
});

test("a cloud function needs a prediction log", () => {
  const target = { kind: "cloud-functions", topic: "projects/slipway-prod/topics/flights" };
  expect(() =>
    parse("gke", target, {}, { cloud: { ...cloud, redis: {}, targets: TARGETS_OF.gke } }),
  ).not.toThrow();
  expect(() => parse("gke", target)).toThrow(
    `${service}.target.kind: must be used together with cloud.redis: Pub/Sub drops the answers`,
  );
});

test("logSample needs a feature store that the target can reach", () => {
  const redis = (kind: Cluster): Keys => ({ cloud: { ...cloud, redis: {}, targets: TARGETS_OF[kind] } });
  expect(() => parse("eks", { kind: "lambda" }, { logSample: 0.2 }, redis("eks"))).not.toThrow();
  expect(() => parse("eks", { kind: "lambda" }, { logSample: 0.2 })).toThrow(
    `${service}.logSample: must be left out: lambda without cloud.redis logs no predictions`,
  );
  expect(() => parse("aks", { kind: "azure-ml" }, { logSample: 0.2 }, redis("aks"))).toThrow(
    `${service}.logSample: must be left out: azure-ml without a feature store logs no predictions`,
  );
});

test("refuses a name that the target does not allow", () => {
  const environments = {
    production: {
      services: { "pushback-of-flights": { workload: "flight-delays", target: { kind: "azure-ml" } } },
    },
  };
  expect(() => parse("aks", {}, {}, { environments })).toThrow(
    'must allow the name slipway-production-pushback-of-flights: azure-ml allows 32 characters, got "azure-ml"; shorten the name of the service',
  );
});

test("refuses a registry that a target cannot read", () => {
  expect(() =>
    parse("eks", { kind: "lambda" }, {}, { registry: { kind: "existing", host: "r.example.com" } }),
  ).toThrow("slipway:registry.kind: must be ecr if cluster.kind is eks");
});

test("refuses a target for which the foundation is not prepared, and one of another cloud in the foundation", () => {
  expect(() => parse("eks", { kind: "lambda" }, {}, { cloud: { ...cloud, targets: ["sagemaker"] } })).toThrow(
    "slipway:environments.production.services.pushback.target.kind: must be one of cloud.targets of the foundation (sagemaker), " +
      'got "lambda"; write targets: [sagemaker, lambda] below slipway:cloud in the file of the foundation, and deploy the foundation first',
  );
  expect(() =>
    parse("eks", { kind: "lambda" }, {}, { cloud: { ...cloud, targets: ["lambda", "vertex"] } }),
  ).toThrow("slipway:cloud.targets.1: must be a target of eks: vertex needs gke");
});
