import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { atLeast, within } from "../platform/kubernetes/at-least.ts";
import { autoName, MAX_ROLE_NAME } from "./auto-name.ts";
import { networkInterfaces, policyDocument, pullFromEcr, trustPolicy } from "./managed-policy.ts";
import { imageByDigest, managedEnv, type ManagedRuntimeArgs } from "../platform/serving/managed-runtime.ts";

export interface LambdaInferenceArgs extends ManagedRuntimeArgs {
  region: string;
  /** Id of the AWS account: twelve digits. */
  account: string;
  /** Runtime image in ECR of the same region, by digest. */
  image: pulumi.Input<string>;
  /** `<repository>@sha256:<64 hex digits>` */
  model: string;
  /** ARNs of the ECR repositories that hold the image and the model. */
  repositoryArns: readonly pulumi.Input<string>[];
  /** Encrypts the environment and the logs. */
  kmsKeyArn: pulumi.Input<string>;
  /** Name of the function. @default - the component's name */
  functionName?: string;
  /** Memory, 512 to 10240; Lambda assigns CPU in proportion to it. @default 1769, one core */
  memoryMib?: number;
  /** Seconds that one invocation may take, 1 to 900. @default 30 */
  timeoutSeconds?: number;
  /** Instances that keep the model loaded. @default 1; 0: the first request of an instance waits for the model */
  minInstances?: number;
  /**
   * Most instances. Lambda reserves them from the account's limit, so that a burst of requests cannot starve other functions. AWS
   * keeps 100 of the limit unreserved, and a new account has a limit of 10. @default - no reservation: the account's limit
   */
  maxInstances?: number;
  /** Sends a share of the requests to the newly deployed version, and the rest to an existing one. @default - all requests to the new version */
  canary?: LambdaCanary;
  /** ARNs of IAM roles and users, of any account, that may call the function's URL. @default none */
  callers?: readonly pulumi.Input<string>[];
  /** Private subnets and security groups from which the function reaches a feature store. @default - no VPC */
  vpc?: { subnetIds: pulumi.Input<pulumi.Input<string>[]>; securityGroupIds: pulumi.Input<string>[] };
  /** Days that logs are kept. @default 30 */
  logRetentionDays?: number;
  /** Tags of all resources that take tags. @default none */
  tags?: Record<string, string>;
}

export interface LambdaCanary {
  /** Number of the version that gets the rest of the requests, such as `7`: the output `version` of an earlier deployment. */
  stableVersion: string;
  /** Share of the requests for the newly deployed version, in percent: more than 0, less than 100. */
  percent: number;
}

/**
 * Serves one model as a Lambda function of the runtime image, at a URL that accepts only signed requests. Every change
 * publishes a version. An alias sends requests to one version, or to two by weight, and keeps instances ready.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
 * @example
 * new LambdaInference("pushback", {
 *   region: "eu-central-1", account: "111122223333", environment: "production", service: "pushback", image, registryUrl, repositoryArns, kmsKeyArn,
 *   model: "flight-delays/pushback/model@sha256:…", canary: { stableVersion: "7", percent: 10 },
 * });
 */
export class LambdaInference extends pulumi.ComponentResource {
  readonly functionArn: pulumi.Output<string>;
  /** ARN of the alias, which callers invoke instead of a version. */
  readonly aliasArn: pulumi.Output<string>;
  /** Number of the latest published version. */
  readonly version: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: LambdaInferenceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:serverless:LambdaInference", name, {}, opts);
    const { account, region, model, kmsKeyArn, repositoryArns, canary, callers = [], vpc, tags } = args;
    const { functionName = name, memoryMib = 1769, timeoutSeconds = 30, logRetentionDays = 30 } = args;
    const { minInstances = 1, maxInstances } = args;
    within(512, 10_240, memoryMib, `${name}: memoryMib`);
    within(1, 900, timeoutSeconds, `${name}: timeoutSeconds`);
    atLeast(0, minInstances, `${name}: minInstances`);
    if (maxInstances !== undefined) atLeast(Math.max(1, minInstances), maxInstances, `${name}: maxInstances`);
    if (canary !== undefined) checkCanary(name, canary);
    const child = { parent: this };

    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      { name: `/aws/lambda/${functionName}`, retentionInDays: logRetentionDays, kmsKeyId: kmsKeyArn, tags },
      child,
    );
    const role = new aws.iam.Role(
      autoName(`${name}-role`, MAX_ROLE_NAME),
      {
        // No condition: Lambda assumes the role without a source account or ARN, and a condition would refuse it.
        assumeRolePolicy: pulumi.jsonStringify(trustPolicy("lambda.amazonaws.com")),
        tags,
      },
      child,
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        role: role.name,
        policy: pulumi.jsonStringify(
          policyDocument([
            ...pullFromEcr(repositoryArns),
            {
              Sid: "Logs",
              Effect: "Allow",
              Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
              Resource: [pulumi.interpolate`${logGroup.arn}:log-stream:*`],
            },
            {
              Sid: "Traces",
              Effect: "Allow",
              Action: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
              Resource: ["*"],
            },
            { Sid: "Key", Effect: "Allow", Action: ["kms:Decrypt"], Resource: [kmsKeyArn] },
            ...(vpc === undefined
              ? []
              : [networkInterfaces(["ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"])]),
          ]),
        ),
      },
      child,
    );
    const handler = new aws.lambda.Function(
      `${name}-function`,
      {
        name: functionName,
        role: role.arn,
        packageType: "Image",
        imageUri: imageByDigest(name, args.image),
        imageConfig: { commands: ["serve"] },
        architectures: ["x86_64"],
        memorySize: memoryMib,
        timeout: timeoutSeconds,
        publish: true,
        reservedConcurrentExecutions: maxInstances,
        environment: { variables: managedEnv(name, "lambda", model, args) },
        kmsKeyArn,
        ephemeralStorage: { size: 512 },
        loggingConfig: { logFormat: "Text", logGroup: logGroup.name }, // the server writes JSON lines itself
        tracingConfig: { mode: "Active" },
        vpcConfig: vpc,
        tags,
      },
      { ...child, dependsOn: [policy] },
    );
    const alias = new aws.lambda.Alias(
      `${name}-alias`,
      {
        name: "live",
        description: "The version, or the two, that requests go to",
        functionName: handler.name,
        functionVersion: canary?.stableVersion ?? handler.version,
        routingConfig: canary && {
          additionalVersionWeights: handler.version.apply((version) => ({ [version]: canary.percent / 100 })),
        },
      },
      { ...child, deletedWith: handler },
    );
    const aliasOfFunction = { functionName: handler.name, qualifier: alias.name };
    if (minInstances > 0)
      new aws.lambda.ProvisionedConcurrencyConfig(
        `${name}-warm`,
        { ...aliasOfFunction, provisionedConcurrentExecutions: minInstances },
        { ...child, deletedWith: handler },
      );
    const url = new aws.lambda.FunctionUrl(
      `${name}-url`,
      { ...aliasOfFunction, authorizationType: "AWS_IAM" },
      { ...child, deletedWith: handler },
    );
    callers.forEach((principal, index) => {
      const grant = { function: handler.name, qualifier: alias.name, principal };
      const options = { ...child, deletedWith: handler };
      new aws.lambda.Permission(
        `${name}-caller-${index}`,
        { ...grant, action: "lambda:InvokeFunctionUrl", functionUrlAuthType: "AWS_IAM" },
        options,
      );
      // A call of a function URL needs both rights. This one is restricted to calls through the URL.
      new aws.lambda.Permission(
        `${name}-caller-${index}-invoke`,
        { ...grant, action: "lambda:InvokeFunction", invokedViaFunctionUrl: true },
        options,
      );
    });
    this.functionArn = pulumi.interpolate`arn:aws:lambda:${region}:${account}:function:${handler.name}`;
    this.aliasArn = alias.arn;
    this.version = handler.version;
    this.url = url.functionUrl;
    this.roleArn = role.arn;
    this.registerOutputs({ aliasArn: this.aliasArn, version: this.version, url: this.url });
  }
}

function checkCanary(name: string, { stableVersion, percent }: LambdaCanary): void {
  if (!/^[1-9]\d*$/.test(stableVersion))
    throw new Error(
      `${name}: canary.stableVersion must be a version number, got ${JSON.stringify(stableVersion)}`,
    );
  if (!(percent > 0 && percent < 100))
    throw new Error(
      `${name}: canary.percent must be more than 0 and less than 100, got ${percent}; leave canary out to send all requests to the new version`,
    );
}
