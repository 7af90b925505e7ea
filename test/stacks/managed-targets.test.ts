import { describe, expect, test } from "vitest";
import { find, list, type Recorded } from "../components/record.ts";
import { json } from "../components/aws/aws-outputs.ts";
import { revealed } from "../components/platform/serving/model.ts";
import { stack, stackWithOutputs } from "./stack.ts";
import { next, stable, TARGET_ENVIRONMENTS, type TargetStack } from "./target-environments.ts";

const environments = (name: TargetStack, text = (whole: string) => whole): Record<string, unknown> => ({
  "slipway:environments": JSON.parse(text(JSON.stringify(TARGET_ENVIRONMENTS[name]))) as unknown,
});
const aws = await stackWithOutputs("prod", environments("prod"));
const google = await stackWithOutputs("prod-gcp", environments("prod-gcp"));
const azure = await stackWithOutputs("prod-azure", environments("prod-azure"));
const all = { prod: aws, "prod-gcp": google, "prod-azure": azure };

const model = `flight-delays/pushback/model@${stable}`;
const nextModel = `flight-delays/pushback/model@${next}`;

/** Converts environment variables from a list to a map, with the values of secrets. */
function variables(list: unknown): Record<string, unknown> {
  const all = revealed(list) as { name: string; value?: unknown }[];
  return Object.fromEntries(all.map(({ name, value }) => [name, value]));
}

describe.each(Object.keys(all) as TargetStack[])("%s", (name) => {
  const { resources } = all[name];

  test("its targets add exactly these resources", async () => {
    const without = await stack(name, {
      "slipway:environments": {
        production: {
          services: { "in-cluster": TARGET_ENVIRONMENTS[name].production.services["in-cluster"] },
        },
      },
    });
    const base = new Set(list(without));
    const added = list(resources).filter((line) => !base.has(line));
    expect(list(without).filter((line) => !list(resources).includes(line))).toEqual([]);
    await expect(added.join("\n") + "\n").toMatchFileSnapshot(`golden/${name}-targets.txt`);
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
  expect(aws.managed).toEqual([
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
  expect(google.managed).toMatchObject([
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
  expect(azure.managed).toMatchObject([
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
  expect(changed(all[name].resources, await stack(name, { "slipway:environments": promoted }))).toEqual(
    expected,
  );
});

describe("on AWS", () => {
  const { resources } = aws;
  const vpc = {
    subnetIds: ["network-private-0-id", "network-private-1-id", "network-private-2-id"],
    securityGroupIds: ["serving-group-id"],
  };

  test("SageMaker serves both models in the network, from the registry, with the features of Redis", () => {
    const of = (variant: string): Record<string, unknown> =>
      find(resources, "aws:sagemaker/model:Model", `production-pushback-${variant}`);
    expect(of("stable")).toMatchObject({
      vpcConfig: { subnets: vpc.subnetIds, securityGroupIds: vpc.securityGroupIds },
      primaryContainer: {},
    });
    for (const [variant, expected] of [
      ["stable", model],
      ["canary", nextModel],
    ] as const) {
      const container = revealed(of(variant)["primaryContainer"]) as { environment: unknown; image: string };
      expect(container.image).toMatch(
        /^417366251839\.dkr\.ecr\.eu-central-1\.amazonaws\.com\/slipway\/runtime@/,
      );
      expect(revealed(container.environment)).toMatchObject({
        SLIPWAY_TARGET: "sagemaker",
        SLIPWAY_ENVIRONMENT: "production",
        SLIPWAY_MODEL: expected,
        SLIPWAY_REGISTRY: "https://417366251839.dkr.ecr.eu-central-1.amazonaws.com",
        SLIPWAY_FEATURE_STORE_URL: "rediss://master.redis.example:6379",
      });
    }
    expect(
      find(
        resources,
        "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
        "production-pushback-configuration",
      ),
    ).toMatchObject({
      productionVariants: [
        { variantName: "stable", instanceType: "ml.c6i.large", initialVariantWeight: 90 },
        { variantName: "canary", instanceType: "ml.c6i.large", initialVariantWeight: 10 },
      ],
    });
  });

  test("Lambda sends a tenth of the requests to the new version, and may read the repositories of the image and the model", () => {
    expect(find(resources, "aws:lambda/function:Function", "production-events-function")).toMatchObject({
      name: "slipway-production-events",
      vpcConfig: vpc,
      kmsKeyArn: "arn:serving-encryption-key",
    });
    expect(find(resources, "aws:lambda/alias:Alias", "production-events-alias")).toMatchObject({
      functionVersion: "7",
    });
    const { policy } = find(resources, "aws:iam/rolePolicy:RolePolicy", "production-events-policy");
    const { Statement } = json(policy) as { Statement: { Sid: string; Resource: string[] }[] };
    expect(Statement.find(({ Sid }) => Sid === "Pull")?.Resource).toEqual([
      "arn:aws:ecr:eu-central-1:417366251839:repository/slipway/runtime",
      "arn:aws:ecr:eu-central-1:417366251839:repository/flight-delays/pushback/model",
    ]);
  });

  test("without a managed Redis no target is in the network, and callers send all features", async () => {
    const cloud = {
      prefix: "slipway",
      tags: { owner: "ml", environment: "production" },
      budget: { monthlyUsd: 1000, emails: ["ml@example.com"] },
      secrets: ["slack-webhook"],
    };
    const plain = await stack("prod", { ...environments("prod"), "slipway:cloud": cloud });
    const { vpcConfig, environment } = find(
      plain,
      "aws:lambda/function:Function",
      "production-events-function",
    );
    expect(vpcConfig).toBeUndefined();
    expect(JSON.stringify(environment)).not.toContain("FEATURE_STORE");
    expect(list(plain).join("\n")).not.toContain("RedisClientGroup");
  });
});

describe("on Google Cloud", () => {
  const { resources } = google;

  test("Cloud Run reads the password of Redis from Secret Manager, in the network of the cluster", () => {
    const service = find(resources, "gcp:cloudrunv2/service:Service", "production-web-service");
    const { template, traffics } = service as {
      template: { containers: { envs: unknown }[]; vpcAccess: unknown; encryptionKey: unknown };
      traffics: unknown;
    };
    expect(template).toMatchObject({
      vpcAccess: { networkInterfaces: [{ network: "network-vpc-id", subnetwork: "network-subnet-id" }] },
      encryptionKey: "production-web-encryption-key-id",
    });
    expect(variables(template.containers[0]?.envs)).toMatchObject({
      SLIPWAY_TARGET: "cloud-run",
      SLIPWAY_MODEL: model,
      SLIPWAY_FEATURE_STORE_URL: "rediss://10.9.0.3:6378",
      SLIPWAY_FEATURE_STORE_CA: "first\nsecond\n",
      SLIPWAY_FEATURE_STORE_PASSWORD: undefined,
    });
    expect(traffics).toMatchObject([
      { revision: "slipway-production-web-00007-abc", percent: 90 },
      { percent: 10 },
    ]);
    expect(
      find(resources, "gcp:secretmanager/secretVersion:SecretVersion", "serving-redis-password-version"),
    ).toMatchObject({ secretData: { secret: "generated" } });
  });

  test("a Vertex endpoint may read the models of every repository that it might need", () => {
    const readers = list(resources).filter((line) => line.includes("production-pushback-reads-"));
    expect(readers).toEqual([
      "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember production-pushback-reads-flight-delays",
      "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember production-pushback-reads-slipway",
    ]);
    const { trafficSplit } = find(
      resources,
      "gcp:vertex/aiEndpoint:AiEndpoint",
      "production-pushback-endpoint",
    );
    expect(Object.values(json(trafficSplit) as object).sort()).toEqual([10, 90]);
  });

  test("a canary of Vertex that becomes the model of the service keeps its deployment", async () => {
    const ids = (resources: readonly Recorded[]): Record<string, number> =>
      json(
        find(resources, "gcp:vertex/aiEndpoint:AiEndpoint", "production-pushback-endpoint")["trafficSplit"],
      ) as Record<string, number>;
    const promoted = structuredClone(TARGET_ENVIRONMENTS["prod-gcp"]) as {
      production: { services: Record<string, { model: unknown; target: { canary?: unknown } }> };
    };
    const { pushback } = promoted.production.services;
    if (pushback === undefined) throw new Error("there is no pushback");
    pushback.model = { digest: next };
    delete pushback.target.canary;
    const after = ids(await stack("prod-gcp", { "slipway:environments": promoted }));
    const canaryId = Object.entries(ids(resources)).find(([, share]) => share === 10)?.[0];
    expect(after).toEqual({ [String(canaryId)]: 100 });
  });

  test("each service has its own account with a valid name", () => {
    const ids = resources
      .filter(({ type }) => type === "gcp:serviceaccount/account:Account")
      .map(({ inputs }) => String(inputs["accountId"]));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
  });
});

describe("on Azure", () => {
  const { resources } = azure;

  test("Azure Machine Learning splits requests between deployments of one private workspace", () => {
    expect(
      find(resources, "azure-native:machinelearningservices:OnlineEndpoint", "production-pushback-endpoint"),
    ).toMatchObject({
      endpointName: "slipway-production-pushback",
      workspaceName: "slipway-ml",
      properties: { publicNetworkAccess: "Disabled", traffic: { stable: 90, canary: 10 } },
    });
    const deployment = find(
      resources,
      "azure-native:machinelearningservices:OnlineDeployment",
      "production-pushback-canary",
    )["properties"];
    expect(revealed(deployment)).toMatchObject({ environmentVariables: { SLIPWAY_MODEL: nextModel } });
  });

  test("a function runs the image of the config in a subnet that reaches Redis, and is called within the network", () => {
    const app = find(resources, "azure-native:web:WebApp", "production-events-app");
    const { linuxFxVersion, appSettings } = revealed(app["siteConfig"]) as Record<string, unknown>;
    expect(linuxFxVersion).toBe(`DOCKER|slipway.azurecr.io/slipway/functions@${next}`);
    expect(app).toMatchObject({
      name: "slipway-production-events",
      publicNetworkAccess: "Disabled",
      virtualNetworkSubnetId: "network-network-id/subnets/functions",
    });
    const settings = variables(appSettings);
    expect(settings).toMatchObject({ SLIPWAY_MODEL: model, SLIPWAY_TARGET: "azure-functions" });
    expect(settings["AzureWebJobsStorage__accountName"]).toMatch(/^slipwayfunc/);
    expect(
      find(resources, "azure-native:network:PrivateEndpoint", "production-events-private-endpoint"),
    ).toMatchObject({ privateLinkServiceConnections: [{ groupIds: ["sites"] }] });
  });
});
