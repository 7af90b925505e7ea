import { describe, expect, test } from "vitest";
import { find, list, type Recorded } from "../components/record.ts";
import { stack } from "./stack.ts";
import { next, stable, TARGET_ENVIRONMENTS, TARGETS, type TargetStack } from "./target-environments.ts";
import { model, nextModel, targetStack } from "./target-stacks.ts";

const aws = await targetStack("prod");
const google = await targetStack("prod-gcp");
const azure = await targetStack("prod-azure");
const all = { prod: aws, "prod-gcp": google, "prod-azure": azure };

describe.each(Object.keys(all) as TargetStack[])("%s", (name) => {
  const { resources } = all[name];

  test("its targets add exactly these resources", async () => {
    const { resources: without } = await targetStack(name, () =>
      JSON.stringify({
        production: {
          services: { "in-cluster": TARGET_ENVIRONMENTS[name].production.services["in-cluster"] },
        },
      }),
    );
    const base = new Set(list(without));
    const added = list(resources).filter((line) => !base.has(line));
    expect(list(without).filter((line) => !list(resources).includes(line))).toEqual([]);
    await expect(added.join("\n") + "\n").toMatchFileSnapshot(`golden/${name}-targets.txt`);
  });

  test("its foundation is prepared for them", async () => {
    const without = await stack(`${name}-foundation`);
    const prepared = await stack(`${name}-foundation`, {}, { cloud: { targets: TARGETS[name] } });
    const base = new Set(list(without));
    expect(list(prepared).filter((line) => !base.has(line))).toMatchSnapshot();
  });

  test("no two resources share type and name", () => {
    expect(new Set(list(resources)).size).toBe(resources.length);
  });

  test("a service with a target has no pods, no drift job and no alerts in the cluster", () => {
    const inCluster = resources.filter(({ type }) => type.startsWith("kubernetes:"));
    const names = list(inCluster).join("\n");
    expect(names).toContain("production-in-cluster-deployment");
    for (const service of Object.keys(TARGET_ENVIRONMENTS[name].production.services))
      if (service !== "in-cluster") expect(names).not.toContain(`production-${service}-`);
    const rules = JSON.stringify(
      find(inCluster, "kubernetes:core/v1:ConfigMap", "monitoring-prometheus-config"),
    );
    expect(rules).toContain("service: in-cluster");
    expect(rules).not.toMatch(/service: (pushback|web|events)/);
  });
});

test("the outputs list each service with its target, its digests and its URL", () => {
  const common = {
    model: "pushback",
    workload: "flight-delays",
    environment: "production",
    digest: stable,
    reference: model,
  };
  expect(aws.outputs["managedServices"]).toEqual([
    {
      ...common,
      name: "pushback",
      target: "sagemaker",
      canaryDigest: next,
      url: "https://runtime.sagemaker.eu-central-1.amazonaws.com/endpoints/slipway-production-pushback/invocations",
      details: { endpointName: "slipway-production-pushback" },
    },
    expect.objectContaining({ name: "events", target: "lambda", canaryDigest: null }),
  ]);
  expect(google.outputs["managedServices"]).toMatchObject([
    {
      target: "vertex",
      url: null,
      canaryDigest: next,
      details: {
        deployments: [
          { variant: "aaaaaaaaaaaa", upload: { model: { description: model } } },
          { variant: "bbbbbbbbbbbb", upload: { model: { description: nextModel } } },
        ],
      },
    },
    { target: "cloud-run" },
    { target: "cloud-functions" },
  ]);
  expect(azure.outputs["managedServices"]).toMatchObject([
    {
      target: "azure-ml",
      url: "https://slipway-production-pushback.germanywestcentral.inference.ml.azure.com/score",
      canaryDigest: next,
    },
    { target: "azure-functions" },
  ]);
});

const changed = (before: readonly Recorded[], after: readonly Recorded[]): string[] => {
  expect(list(after)).toEqual(list(before));
  return list(after.filter(({ inputs }, i) => JSON.stringify(inputs) !== JSON.stringify(before[i]?.inputs)));
};

test.each<[TargetStack, string, string[]]>([
  ["prod", "events", ["aws:lambda/function:Function production-events-function"]],
  ["prod-gcp", "web", ["gcp:cloudrunv2/service:Service production-web-service"]],
  [
    "prod-azure",
    "pushback",
    ["azure-native:machinelearningservices:OnlineDeployment production-pushback-stable"],
  ],
])("on %s the promotion of %s changes one digest", async (name, service, expected) => {
  const other = `sha256:${"c".repeat(64)}`;
  const promoted = structuredClone(TARGET_ENVIRONMENTS[name]) as {
    production: { services: Record<string, { model: { digest: string } }> };
  };
  promoted.production.services[service] = {
    ...promoted.production.services[service],
    model: { digest: other },
  };
  const after = await targetStack(name, () => JSON.stringify(promoted));
  expect(changed(all[name].resources, after.resources)).toEqual(expected);
});
