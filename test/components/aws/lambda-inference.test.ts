import { expect, test } from "vitest";
import { LambdaInference, type LambdaInferenceArgs } from "../../../components/aws/lambda-inference.ts";
import { managedServingEnvSchema, servingTargetEnvSchema } from "../../../runtime/contract/serving-target.ts";
import { asStrings, digest, ecr, kmsKeyArn, model, revealed } from "../platform/serving/model.ts";
import { find, list, record } from "../record.ts";

const build = (args: Partial<LambdaInferenceArgs> = {}) =>
  record(
    () =>
      new LambdaInference("pushback", {
        region: "eu-central-1",
        account: "111122223333",
        environment: "production",
        service: "pushback",
        image: `${ecr}/slipway/runtime@${digest}`,
        registryUrl: `https://${ecr}`,
        repositoryArns: ["arn:aws:ecr:eu-central-1:111122223333:repository/slipway/runtime"],
        kmsKeyArn,
        model,
        ...args,
      }),
  );
const standard = await build();

test("a function has a role, logs, an alias with provisioned concurrency, and a URL", () => {
  expect(list(standard.resources)).toEqual([
    "aws:cloudwatch/logGroup:LogGroup pushback-logs",
    "aws:iam/role:Role pushback-role",
    "aws:iam/rolePolicy:RolePolicy pushback-policy",
    "aws:lambda/alias:Alias pushback-alias",
    "aws:lambda/function:Function pushback-function",
    "aws:lambda/functionUrl:FunctionUrl pushback-url",
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig pushback-warm",
    "slipway:serverless:LambdaInference pushback",
  ]);
});

test("the function serves from the runtime image, with tracing and encryption", () => {
  expect(find(standard.resources, "aws:lambda/function:Function", "pushback-function")).toMatchObject({
    packageType: "Image",
    imageUri: `${ecr}/slipway/runtime@${digest}`,
    imageConfig: { commands: ["serve"] },
    publish: true,
    memorySize: 1769,
    timeout: 30,
    kmsKeyArn,
    tracingConfig: { mode: "Active" },
  });
  expect(find(standard.resources, "aws:cloudwatch/logGroup:LogGroup", "pushback-logs")).toMatchObject({
    name: "/aws/lambda/pushback",
    retentionInDays: 30,
    kmsKeyId: kmsKeyArn,
  });
  expect(find(standard.resources, "aws:lambda/functionUrl:FunctionUrl", "pushback-url")).toMatchObject({
    authorizationType: "AWS_IAM",
    qualifier: "live",
  });
});

test("instances are reserved only if maxInstances is set: a new account has 10 in all", async () => {
  expect(find(standard.resources, "aws:lambda/function:Function", "pushback-function")).not.toHaveProperty(
    "reservedConcurrentExecutions",
  );
  const { resources } = await build({ minInstances: 60, maxInstances: 80 });
  expect(find(resources, "aws:lambda/function:Function", "pushback-function")).toMatchObject({
    reservedConcurrentExecutions: 80,
  });
});

test("the environment of the function satisfies the server's contract", async () => {
  const featureStore = { url: "rediss://redis.internal:6379", password: "pw", caCertificate: "PEM" };
  const { resources } = await build({
    featureStore,
    env: { SLIPWAY_LOG_SAMPLE: "0.1", SLIPWAY_MODEL: "other" },
  });
  const { environment } = find(resources, "aws:lambda/function:Function", "pushback-function");
  expect(environment, "an environment with a password is a secret as a whole").toHaveProperty("secret");
  const { variables } = revealed(environment) as { variables: Record<string, unknown> };
  const env = asStrings(variables);
  expect(servingTargetEnvSchema.parse(env)).toEqual({ SLIPWAY_TARGET: "lambda" });
  expect(managedServingEnvSchema.parse(env)).toMatchObject({
    SLIPWAY_MODEL: model,
    SLIPWAY_FEATURE_STORE_URL: "rediss://redis.internal:6379",
    SLIPWAY_FEATURE_STORE_CA: "PEM",
    SLIPWAY_LOG_SAMPLE: 0.1,
  });
});

test("the alias sends all requests to one version, or a share to the newly deployed one", async () => {
  const { resources } = await build({ canary: { stableVersion: "7", percent: 10 } });
  const alias = find(resources, "aws:lambda/alias:Alias", "pushback-alias");
  expect(alias).toMatchObject({ name: "live", functionVersion: "7" });
  expect(
    Object.values((alias["routingConfig"] as { additionalVersionWeights: object }).additionalVersionWeights),
  ).toEqual([0.1]);
  expect(find(standard.resources, "aws:lambda/alias:Alias", "pushback-alias")).not.toHaveProperty(
    "routingConfig",
  );
});

test("provisioned concurrency belongs to the alias, and may be left out", async () => {
  const warm = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig";
  expect(find((await build({ minInstances: 4 })).resources, warm, "pushback-warm")).toMatchObject({
    qualifier: "live",
    provisionedConcurrentExecutions: 4,
  });
  expect(list((await build({ minInstances: 0 })).resources)).not.toContain(`${warm} pushback-warm`);
});

test("only the given callers may use the URL", async () => {
  const caller = "arn:aws:iam::111122223333:role/gate";
  const { resources } = await build({ callers: [caller] });
  expect(find(resources, "aws:lambda/permission:Permission", "pushback-caller-0")).toMatchObject({
    action: "lambda:InvokeFunctionUrl",
    principal: caller,
    functionUrlAuthType: "AWS_IAM",
    qualifier: "live",
  });
  expect(find(resources, "aws:lambda/permission:Permission", "pushback-caller-0-invoke")).toMatchObject({
    action: "lambda:InvokeFunction",
    invokedViaFunctionUrl: true,
  });
  expect(list(standard.resources).filter((line) => line.includes("Permission"))).toEqual([]);
});

test("its role has only the rights that it needs", async () => {
  const sids = async (args: Partial<LambdaInferenceArgs>): Promise<string[]> => {
    const { resources } = await build(args);
    const policy = find(resources, "aws:iam/rolePolicy:RolePolicy", "pushback-policy")["policy"] as string;
    const { Statement } = JSON.parse(policy) as { Statement: { Sid: string; Action: string[] }[] };
    expect(Statement.flatMap(({ Action }) => Action).filter((action) => action.includes("*"))).toEqual([]);
    return Statement.map(({ Sid }) => Sid);
  };
  expect(await sids({})).toEqual(["RegistryToken", "Pull", "Logs", "Traces", "Key"]);
  expect((await sids({ vpc: { subnetIds: ["s"], securityGroupIds: ["g"] } })).at(-1)).toBe(
    "NetworkInterfaces",
  );
});

test.each<[string, Partial<LambdaInferenceArgs>, string]>([
  ["too little memory", { memoryMib: 128 }, "pushback: memoryMib must be between 512 and 10240, got 128"],
  [
    "too long a timeout",
    { timeoutSeconds: 901 },
    "pushback: timeoutSeconds must be between 1 and 900, got 901",
  ],
  [
    "more ready than there may be",
    { minInstances: 60, maxInstances: 50 },
    "pushback: maxInstances must be at least 60, got 50",
  ],
  [
    "a canary of all",
    { canary: { stableVersion: "7", percent: 100 } },
    "canary.percent must be more than 0 and less than 100, got 100",
  ],
  [
    "a canary beside no version",
    { canary: { stableVersion: "$LATEST", percent: 10 } },
    "must be a version number",
  ],
  ["a tag for an image", { image: "runtime:v1" }, "pushback: image must be named by digest"],
])("refuses %s", async (_what, args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});
