import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { tinyCard } from "../../runtime/serving/tiny-model.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { silentProgress } from "../../../local/progress.ts";
import { clusterParts, collectStatus, unknownStatus } from "../../../operations/status/collect-status.ts";
import type { PlatformStatus } from "../../../operations/status/platform-status.ts";
import { Problems } from "../../../operations/status/problems.ts";
import type { Target } from "../../../operations/target.ts";
import { platformOutputsSchema, type PlatformOutputs } from "../../../stacks/platform-outputs.ts";
import { WrongRequest } from "../../../operations/wrong-request.ts";
import { deployment, fakeCluster, NODES, servingPod, type FakeCluster } from "../fake-cluster.ts";
import { fakeRegistry, type FakeRegistry } from "../fake-registry.ts";
import { quietView } from "../quiet-view.ts";

const digest = `sha256:${"a".repeat(64)}`;
const reference = `flight-delays/pushback/model@${digest}`;
const PROMETHEUS = "/api/v1/namespaces/monitoring/services/prometheus:9090/proxy/api/v1";
const outputs: PlatformOutputs = platformOutputsSchema.parse({
  workloads: ["flight-delays"],
  services: [
    {
      name: "pushback",
      model: "pushback",
      workload: "flight-delays",
      environment: "production",
      namespace: "production",
      url: "http://pushback.production.svc:8080",
      address: "10.96.1.2:8080",
      digest,
      reference,
      driftJob: "pushback-drift",
    },
  ],
  training: { namespace: "platform", templates: {} },
  featureStore: { namespace: "platform", url: "redis://r" },
  monitoring: {
    namespace: "monitoring",
    prometheus: "http://p",
    alertmanager: "http://a",
    pushgateway: "http://g",
  },
  alertReceiver: { url: "http://alerts-receiver.monitoring.svc:8080/" },
});

let cluster: FakeCluster;
let registry: FakeRegistry;
beforeEach(async () => {
  cluster = await fakeCluster({
    "/api/v1/nodes": NODES,
    "/api/v1/namespaces/platform/pods": { items: [] },
    "/api/v1/namespaces/monitoring/pods": { items: [] },
    "/api/v1/namespaces/production/pods": { items: [servingPod(reference)] },
    "/apis/apps/v1/namespaces/production/deployments/pushback": deployment(1),
    "/api/v1/namespaces/monitoring/services/prometheus": { spec: { clusterIP: "10.96.7.1" } },
    "/api/v1/namespaces/monitoring/services/alerts-receiver": { spec: { clusterIP: "10.96.7.2" } },
    [`${PROMETHEUS}/query`]: { data: { result: [] } },
    [`${PROMETHEUS}/alerts`]: { data: { alerts: [] } },
  });
  registry = await fakeRegistry();
});
afterEach(() => Promise.all([cluster.close(), registry.close()]));

async function status(ready = true): Promise<PlatformStatus> {
  const found = unknownStatus("dev");
  found.cluster.ready = ready;
  const problems = new Problems();
  const target = {
    kube: cluster.kube,
    registry: registry.client,
    plan: { local: true },
  } as unknown as Target;
  await clusterParts(found, target, outputs, { problems, fix: "npm run up" });
  return { ...found, problems: problems.list() };
}

describe("clusterParts", () => {
  it("shows models, services and pages where everything answers", async () => {
    const definitions = { train: digest };
    const card = { ...tinyCard, lineage: { ...tinyCard.lineage, definitions } };
    registry.put("flight-delays/pushback/model", "model", { "model-card.json": card }, "champion");
    const found = await status();
    expect(found.services).toMatchObject([
      { name: "pushback", ready: true, answering: [digest], p50Ms: null },
    ]);
    expect(found.pages).toEqual([
      { name: "alerts", address: "http://10.96.7.2:8080/" },
      { name: "metrics (Prometheus)", address: "http://10.96.7.1:9090/" },
    ]);
    expect(found.models.map(({ name, gate, changed }) => [name, gate, changed])).toEqual([
      ["pushback", "not trained", ["its training parameters"]],
      ["two-hours-before", "not trained", []],
    ]);
  });

  it.each([
    [
      "no pod is ready",
      "/api/v1/namespaces/production/pods",
      { items: [servingPod(reference, { ready: false })] },
    ],
    ["the Deployment and its pods are gone", "/api/v1/namespaces/production/pods", { items: [] }],
  ])("shows no request and no latency of a service where %s", async (_title, path, answer) => {
    registry.put("flight-delays/pushback/model", "model", {});
    cluster.answers.set(path, answer);
    const metric = { namespace: "production", service: "pushback" };
    cluster.answers.set(`${PROMETHEUS}/query`, { data: { result: [{ metric, value: [0, "0.012"] }] } });
    expect((await status()).services).toMatchObject([
      { readyReplicas: 0, example: null, p50Ms: null, p99Ms: null },
    ]);
    cluster.answers.set(path, { items: [servingPod(reference)] });
    expect((await status()).services).toMatchObject([{ readyReplicas: 1, p50Ms: 12, p99Ms: 12 }]);
  });

  it("has a line for a registry that does not answer, and shows the rest", async () => {
    registry.failWith(503);
    const found = await status();
    expect(found.services).toMatchObject([{ ready: true, example: null }]);
    expect(found.models).toMatchObject([{ gate: "unknown" }, { gate: "unknown" }]);
    expect(found.problems).toEqual([
      {
        about: `registry ${registry.client.name}`,
        reason: expect.stringContaining("503") as string,
        fix: "npm run up",
      },
    ]);
  });

  it.each([
    ["Prometheus is down", `${PROMETHEUS}/query`, 503, "Prometheus"],
    ["pods may not be listed", "/api/v1/namespaces/platform/pods", 403, "pods of namespace platform"],
    [
      "a Deployment is gone",
      "/apis/apps/v1/namespaces/production/deployments/pushback",
      404,
      "service production/pushback",
    ],
    [
      "a page's Service is gone",
      "/api/v1/namespaces/monitoring/services/prometheus",
      404,
      "service monitoring/prometheus",
    ],
  ])("has a line where %s", async (_title, path, answer, about) => {
    cluster.answers.set(path, answer);
    const { problems, services } = await status();
    expect(problems.map((problem) => problem.about)).toContain(about);
    expect(services).toHaveLength(1);
  });

  // Each path gets one of the answers, so that all of them meet every kind of asker in few runs.
  it.each([0, 1, 2, 3, 4])("never throws, whatever answers with an error (%i)", async (shift) => {
    const wrong = [403, 404, 500, "no JSON", {}];
    [...cluster.answers.keys()].forEach((path, index) => {
      cluster.answers.set(path, wrong[(index + shift) % wrong.length]!);
    });
    await expect(status()).resolves.toHaveProperty("services");
  });
});

describe("collectStatus", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "slipway-status-"));
    await writeFile(join(root, "Pulumi.yaml"), "name: slipway\nruntime: nodejs\n");
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const collect = (
    flags: { stack: string; context?: string },
    backend = `file://${join(root, "state")}`,
  ): Promise<PlatformStatus> =>
    collectStatus(flags, {
      root,
      progress: silentProgress,
      view: quietView,
      env: { PULUMI_BACKEND_URL: backend, PULUMI_CONFIG_PASSPHRASE: "p" },
    });

  async function writeFoundationAndPlatform(): Promise<void> {
    await writeFile(
      join(root, "Pulumi.base.yaml"),
      `config:
  slipway:cluster: { kind: eks, account: "123456789012", region: eu-central-1 }
  slipway:cloud: { prefix: acme, tags: { owner: me, environment: prod }, budget: { monthlyUsd: 100, emails: [a@example.com] } }
  slipway:registry: { kind: ecr }
  slipway:images: { lockFile: l.json }
`,
    );
    await writeFile(
      join(root, "Pulumi.prod.yaml"),
      `config:
  slipway:cluster: { kind: foundation, stack: base }
  slipway:environments: { production: {} }
  slipway:alerts: { receiver: slack, slackUrl: "https://hooks.slack.com/x" }
`,
    );
  }

  it("refuses a stack that is not there", async () => {
    await expect(collect({ stack: "prdo" })).rejects.toThrow(WrongRequest);
    await expect(collect({ stack: "prdo" })).rejects.toThrow(
      "--stack prdo: there is no Pulumi.prdo.yaml (stacks: none)",
    );
  });

  it("says how to reach the cluster of a cloud, and never takes the local one for it", async () => {
    await writeFoundationAndPlatform();
    const { cluster: found, services, problems } = await collect({ stack: "prod" });
    expect(problems.at(-1)).toMatchObject({ about: "cluster", reason: found.reason });
    expect(problems.at(-1)?.fix).toContain(
      "deploy it first (pulumi up --stack base), or add the cluster to your kubeconfig (aws eks update-kubeconfig --name acme --region eu-central-1 --alias prod)",
    );
    expect(found.ready).toBe(false);
    expect(found.reason).toBe("stack base has no kubeconfig: it is not deployed, or its state is elsewhere");
    expect(services).toEqual([]);
  }, 60_000);

  it("proposes the pulumi CLI for a state that only the CLI reads", async () => {
    await writeFoundationAndPlatform();
    const { problems } = await collect({ stack: "prod" }, "s3://acme-state");
    const mends = problems
      .filter(({ about }) => ["stack prod", "cluster"].includes(about))
      .map(({ reason, fix }) => [reason, fix]);
    const mend = [
      "the state is in s3://acme-state, which only the pulumi CLI reads",
      "install the pulumi CLI, or unset PULUMI_BACKEND_URL and PULUMI_ACCESS_TOKEN",
    ];
    expect(mends).toEqual([mend, mend]);
  }, 60_000);

  it("names a damaged state, and proposes to restore it", async () => {
    await writeFoundationAndPlatform();
    const file = join(root, "state/.pulumi/stacks/slipway/base.json");
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '{"version":3,');
    const { problems } = await collect({ stack: "prod" });
    expect(problems.at(-1)).toMatchObject({
      about: "cluster",
      reason: expect.stringContaining(file) as string,
    });
    expect(problems.at(-1)?.fix).toContain("restore it from a backup");
  }, 60_000);
});
