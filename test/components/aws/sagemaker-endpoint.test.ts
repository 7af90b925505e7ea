import { expect, test } from "vitest";
import { SageMakerEndpoint } from "../../../components/aws/sagemaker-endpoint.ts";
import type { SageMakerEndpointArgs } from "../../../components/aws/sagemaker-endpoint-args.ts";
import { managedServingEnvSchema, servingTargetEnvSchema } from "../../../runtime/contract/serving-target.ts";
import { find, list, record, type Recorded } from "../record.ts";
import { asStrings, digest, ecr, kmsKeyArn, model, nextModel, revealed } from "../platform/serving/model.ts";

const stable = { name: "stable", model, weight: 100 };
const build = (args: Partial<SageMakerEndpointArgs> = {}) =>
  record(
    () =>
      new SageMakerEndpoint("pushback", {
        region: "eu-central-1",
        account: "111122223333",
        environment: "production",
        service: "pushback",
        image: `${ecr}/slipway/runtime@${digest}`,
        registryUrl: `https://${ecr}`,
        repositoryArns: ["arn:aws:ecr:eu-central-1:111122223333:repository/slipway/runtime"],
        kmsKeyArn,
        variants: [stable],
        ...args,
      }),
  );
const split: Partial<SageMakerEndpointArgs> = {
  variants: [
    { ...stable, weight: 90, maxInstances: 6 },
    { name: "canary", model: nextModel, weight: 10, minInstances: 1, instanceType: "ml.c7i.xlarge" },
  ],
};

interface Statement {
  Sid: string;
  Action: string[];
  Resource: string[];
}
const statements = (resources: readonly Recorded[]): Statement[] =>
  (
    JSON.parse(find(resources, "aws:iam/rolePolicy:RolePolicy", "pushback-policy")["policy"] as string) as {
      Statement: Statement[];
    }
  ).Statement;

test("an endpoint of one model has its role, its logs, its alarms, and no autoscaling", async () => {
  const { resources } = await build();
  expect(list(resources)).toEqual([
    "aws:cloudwatch/logGroup:LogGroup pushback-logs",
    "aws:cloudwatch/metricAlarm:MetricAlarm pushback-stable-errors",
    "aws:cloudwatch/metricAlarm:MetricAlarm pushback-stable-latency",
    "aws:iam/role:Role pushback-role",
    "aws:iam/rolePolicy:RolePolicy pushback-policy",
    "aws:sagemaker/endpoint:Endpoint pushback-endpoint",
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration pushback-configuration",
    "aws:sagemaker/model:Model pushback-stable",
    "slipway:managed:SageMakerEndpoint pushback",
  ]);
});

test("each variant has a model and its share of the requests", async () => {
  const { resources } = await build(split);
  const { productionVariants, kmsKeyArn: key } = find(
    resources,
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
    "pushback-configuration",
  );
  expect(key).toBe(kmsKeyArn);
  expect(productionVariants).toMatchObject([
    {
      variantName: "stable",
      initialVariantWeight: 90,
      initialInstanceCount: 2,
      instanceType: "ml.c7i.large",
    },
    {
      variantName: "canary",
      initialVariantWeight: 10,
      initialInstanceCount: 1,
      instanceType: "ml.c7i.xlarge",
    },
  ]);
  expect(find(resources, "aws:appautoscaling/target:Target", "pushback-stable-scale")).toMatchObject({
    minCapacity: 2,
    maxCapacity: 6,
    scalableDimension: "sagemaker:variant:DesiredInstanceCount",
  });
  expect(list(resources)).not.toContain("aws:appautoscaling/target:Target pushback-canary-scale");
});

test("the environment of a container satisfies the server's contract", async () => {
  const featureStore = { url: "rediss://redis.internal:6379", password: "pw" };
  const { resources } = await build({ featureStore, logSample: 0.5 });
  const { primaryContainer, enableNetworkIsolation } = find(
    resources,
    "aws:sagemaker/model:Model",
    "pushback-stable",
  );
  const { image, environment } = revealed(primaryContainer) as {
    image: string;
    environment: Record<string, unknown>;
  };
  expect(primaryContainer, "a container with a password is a secret as a whole").toHaveProperty("secret");
  expect(image).toBe(`${ecr}/slipway/runtime@${digest}`);
  expect(enableNetworkIsolation).toBe(false);
  const env = asStrings(environment);
  expect(env["SLIPWAY_FEATURE_STORE_PASSWORD"]).toBe("pw");
  expect(servingTargetEnvSchema.parse(env)).toEqual({ SLIPWAY_TARGET: "sagemaker" });
  expect(managedServingEnvSchema.parse(env)).toMatchObject({
    SLIPWAY_MODEL: model,
    SLIPWAY_REGISTRY: `https://${ecr}`,
    SLIPWAY_ENVIRONMENT: "production",
    SLIPWAY_LOG_SAMPLE: 0.5,
  });
});

test("model data replaces the registry, and isolates the container from the network", async () => {
  const modelDataUrl = "s3://models/pushback/model.tar.gz";
  const { resources } = await build({ variants: [{ ...stable, modelDataUrl }] });
  const inputs = find(resources, "aws:sagemaker/model:Model", "pushback-stable");
  expect(inputs).toMatchObject({ enableNetworkIsolation: true, primaryContainer: { modelDataUrl } });
  const { environment } = inputs["primaryContainer"] as { environment: Record<string, unknown> };
  const env = managedServingEnvSchema.parse(asStrings(environment));
  expect(env.SLIPWAY_MODEL_LAYOUT).toBe("/opt/ml/model");
  expect(env.SLIPWAY_REGISTRY).toBeUndefined();
  expect(statements(resources).find(({ Sid }) => Sid === "ModelData")?.Resource).toEqual([
    "arn:aws:s3:::models/pushback/model.tar.gz",
  ]);
});

test("an update first shifts requests to a canary, and is rolled back by the alarms of a variant", async () => {
  const { resources } = await build({ ...split, canaryPercent: 20, bakeSeconds: 600 });
  expect(find(resources, "aws:sagemaker/endpoint:Endpoint", "pushback-endpoint")).toMatchObject({
    name: "pushback",
    deploymentConfig: {
      blueGreenUpdatePolicy: {
        trafficRoutingConfiguration: {
          type: "CANARY",
          canarySize: { type: "CAPACITY_PERCENT", value: 20 },
          waitIntervalInSeconds: 600,
        },
      },
      autoRollbackConfiguration: { alarms: [{}, {}, {}, {}] },
    },
  });
  expect(find(resources, "aws:cloudwatch/metricAlarm:MetricAlarm", "pushback-canary-latency")).toMatchObject({
    metricName: "ModelLatency",
    extendedStatistic: "p99",
    threshold: 500_000,
    dimensions: { EndpointName: "pushback", VariantName: "canary" },
  });
  expect(find(resources, "aws:cloudwatch/metricAlarm:MetricAlarm", "pushback-canary-errors")).toMatchObject({
    metricName: "Invocation5XXErrors",
    statistic: "Average",
    threshold: 0.01,
    treatMissingData: "notBreaching",
  });
});

test("its role has only the rights that it needs", async () => {
  const plain = statements((await build()).resources);
  expect(plain.map(({ Sid }) => Sid)).toEqual(["RegistryToken", "Pull", "Logs", "Metrics", "Key"]);
  const vpc = { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] };
  const dataCapture = { bucket: "captured", prefix: "pushback", percent: 5 };
  const { resources } = await build({ vpc, dataCapture });
  const all = statements(resources);
  expect(all.map(({ Sid }) => Sid)).toEqual([...plain.map(({ Sid }) => Sid), "Capture", "NetworkInterfaces"]);
  expect(all.find(({ Sid }) => Sid === "Capture")?.Resource).toEqual(["arn:aws:s3:::captured/pushback/*"]);
  expect(all.flatMap(({ Action }) => Action).filter((action) => action.includes("*"))).toEqual([]);
  expect(find(resources, "aws:sagemaker/model:Model", "pushback-stable")["vpcConfig"]).toEqual({
    subnets: ["subnet-1"],
    securityGroupIds: ["sg-1"],
  });
  expect(
    find(resources, "aws:sagemaker/endpointConfiguration:EndpointConfiguration", "pushback-configuration"),
  ).toMatchObject({
    dataCaptureConfig: { enableCapture: true, initialSamplingPercentage: 5, kmsKeyId: kmsKeyArn },
  });
});

test.each([
  ["ml.g5.xlarge", undefined],
  ["ml.m6id.large", undefined],
  ["ml.p4d.24xlarge", undefined],
  ["ml.c7i.large", kmsKeyArn],
  ["ml.m5.large", kmsKeyArn],
])("a disk of %s is encrypted with the key if SageMaker accepts one", async (instanceType, key) => {
  const { resources } = await build({ variants: [{ ...stable, instanceType }] });
  expect(
    find(resources, "aws:sagemaker/endpointConfiguration:EndpointConfiguration", "pushback-configuration")[
      "kmsKeyArn"
    ],
  ).toBe(key);
});

test.each<[string, Partial<SageMakerEndpointArgs>, string]>([
  ["no variant", { variants: [] }, "pushback: variants must have at least one entry, got none"],
  [
    "weights that do not total 100",
    { variants: [{ ...stable, weight: 80 }] },
    "pushback: variants must have weights that total 100, got 80 (stable 80)",
  ],
  [
    "a name twice",
    {
      variants: [
        { ...stable, weight: 50 },
        { ...stable, weight: 50 },
      ],
    },
    'pushback: variants must have unique names, got "stable" twice',
  ],
  ["an underscore", { variants: [{ ...stable, name: "a_b" }] }, "name must be letters, digits and hyphens"],
  ["a tag for an image", { image: `${ecr}/slipway/runtime:v1` }, "pushback: image must be named by digest"],
  [
    "a tag for a model",
    { variants: [{ ...stable, model: "a/b:v1" }] },
    "variant stable: model must be <repository>@sha256",
  ],
  [
    "no instance",
    { variants: [{ ...stable, minInstances: 0 }] },
    "variant stable: minInstances must be a whole number of at least 1, got 0",
  ],
  [
    "fewer at most than at least",
    { variants: [{ ...stable, maxInstances: 1 }] },
    "maxInstances must be a whole number of at least 2, got 1",
  ],
  ["no source of the model", { registryUrl: undefined }, "must come from registryUrl or from model data"],
  [
    "model data that is a folder",
    { variants: [{ ...stable, modelDataUrl: "s3://a/b/" }] },
    "modelDataUrl must be s3://bucket/key.tar.gz",
  ],
  [
    "a canary of more than half",
    { canaryPercent: 60 },
    "pushback: canaryPercent must be between 1 and 50, got 60",
  ],
  ["a sample of more than all", { logSample: 2 }, "logSample must be between 0 and 1, got 2"],
])("refuses %s", async (_what, args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});
