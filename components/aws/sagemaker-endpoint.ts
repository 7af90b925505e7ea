import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { MODEL_LAYOUT_DIRECTORY } from "../../runtime/contract/serving-target.ts";
import { within } from "../platform/kubernetes/at-least.ts";
import { checkScale, imageByDigest, managedEnv } from "../platform/serving/managed-runtime.ts";
import { checkTraffic } from "../platform/serving/managed-variants.ts";
import { autoName, MAX_ROLE_NAME } from "./auto-name.ts";
import { trustPolicy } from "./managed-policy.ts";
import { hasLocalStorage, sagemakerRolePolicy } from "./managed-sagemaker.ts";
import type { SageMakerEndpointArgs, SageMakerVariant } from "./sagemaker-endpoint-args.ts";
import { createRollbackAlarms } from "./sagemaker-rollback-alarms.ts";
import { createVariantScaling } from "./sagemaker-variant-scaling.ts";

const DEFAULT_INSTANCE = "ml.c7i.large";

/** SageMaker takes no more alarms for the rollback of one endpoint. */
const MAX_ROLLBACK_ALARMS = 10;

/** Longest name of a model and of an endpoint configuration. */
const MAX_NAME = 63;

type ProductionVariants = aws.types.input.sagemaker.EndpointConfigurationProductionVariant[];

/**
 * Serves models on SageMaker: a Model per variant, an endpoint that splits the requests between them, and autoscaling. An
 * update first sends requests to a canary of the new fleet, and is rolled back when an alarm fires.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green-canary.html
 * @example
 * new SageMakerEndpoint("pushback", {
 *   region: "eu-central-1", account: "111122223333", environment: "production", service: "pushback", image, registryUrl, repositoryArns, kmsKeyArn,
 *   variants: [
 *     { name: "stable", model: "flight-delays/pushback/model@sha256:…", weight: 90 },
 *     { name: "canary", model: "flight-delays/pushback/model@sha256:…", weight: 10, minInstances: 1 },
 *   ],
 * });
 */
export class SageMakerEndpoint extends pulumi.ComponentResource {
  readonly endpointName: pulumi.Output<string>;
  readonly endpointArn: pulumi.Output<string>;
  /** URL of `InvokeEndpoint`; callers sign their requests. */
  readonly url: pulumi.Output<string>;
  /** Role of the containers. */
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: SageMakerEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:managed:SageMakerEndpoint", name, {}, opts);
    checkSageMaker(name, args);
    const { region, endpointName = name } = args;
    const image = imageByDigest(name, args.image);
    const logGroup = this.createLogGroup(name, endpointName, args);
    const role = this.createRole(name, args);
    const policy = this.createRolePolicy(name, role, logGroup, args);
    const productionVariants = args.variants.map((variant) =>
      productionVariant(variant, this.createModel(name, variant, { ...args, image }, role, policy)),
    );
    const configuration = this.createConfiguration(name, productionVariants, args);
    const alarms = createRollbackAlarms(name, endpointName, args, this);
    const endpoint = this.createEndpoint(name, endpointName, args, { configuration, alarms, logGroup });
    createVariantScaling(name, endpoint, args, this);
    this.endpointName = endpoint.name;
    this.endpointArn = endpoint.arn;
    this.roleArn = role.arn;
    this.url = pulumi.interpolate`https://runtime.sagemaker.${region}.amazonaws.com/endpoints/${endpoint.name}/invocations`;
    this.registerOutputs({ endpointName: this.endpointName, endpointArn: this.endpointArn, url: this.url });
  }

  private createLogGroup(
    name: string,
    endpointName: string,
    { logRetentionDays = 30, kmsKeyArn, tags }: SageMakerEndpointArgs,
  ): aws.cloudwatch.LogGroup {
    return new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      {
        name: `/aws/sagemaker/Endpoints/${endpointName}`,
        retentionInDays: logRetentionDays,
        kmsKeyId: kmsKeyArn,
        tags,
      },
      { parent: this },
    );
  }

  private createRole(name: string, { account, tags }: SageMakerEndpointArgs): aws.iam.Role {
    return new aws.iam.Role(
      autoName(`${name}-role`, MAX_ROLE_NAME),
      { assumeRolePolicy: pulumi.jsonStringify(trustPolicy("sagemaker.amazonaws.com", account)), tags },
      { parent: this },
    );
  }

  private createRolePolicy(
    name: string,
    role: aws.iam.Role,
    logGroup: aws.cloudwatch.LogGroup,
    { variants, repositoryArns, kmsKeyArn, dataCapture, vpc }: SageMakerEndpointArgs,
  ): aws.iam.RolePolicy {
    const policy = sagemakerRolePolicy({
      repositoryArns,
      logGroupArn: logGroup.arn,
      kmsKeyArn,
      modelDataArns: variants.flatMap(({ modelDataUrl }) =>
        modelDataUrl === undefined ? [] : [modelDataUrl.replace("s3://", "arn:aws:s3:::")],
      ),
      ...(dataCapture === undefined
        ? {}
        : { captureArn: pulumi.interpolate`arn:aws:s3:::${dataCapture.bucket}/${dataCapture.prefix}/*` }),
      vpc: vpc !== undefined,
    });
    return new aws.iam.RolePolicy(
      `${name}-policy`,
      { role: role.name, policy: pulumi.jsonStringify(policy) },
      { parent: this },
    );
  }

  private createModel(
    name: string,
    { name: variant, model, modelDataUrl }: SageMakerVariant,
    args: SageMakerEndpointArgs,
    role: aws.iam.Role,
    policy: aws.iam.RolePolicy,
  ): aws.sagemaker.Model {
    const { image, vpc, featureStore, tags } = args;
    const runtime = modelDataUrl === undefined ? args : { ...args, registryUrl: undefined };
    const layout = modelDataUrl === undefined ? undefined : MODEL_LAYOUT_DIRECTORY.sagemaker;
    return new aws.sagemaker.Model(
      autoName(`${name}-${variant}`, MAX_NAME),
      {
        executionRoleArn: role.arn,
        // An isolated container reaches neither a registry nor a feature store.
        enableNetworkIsolation: modelDataUrl !== undefined && featureStore === undefined,
        primaryContainer: {
          image,
          modelDataUrl,
          environment: managedEnv(variantOwner(name, variant), "sagemaker", model, runtime, layout),
        },
        vpcConfig: vpc && { subnets: vpc.subnetIds, securityGroupIds: vpc.securityGroupIds },
        tags,
      },
      { parent: this, dependsOn: [policy] },
    );
  }

  private createConfiguration(
    name: string,
    productionVariants: ProductionVariants,
    { variants, kmsKeyArn, dataCapture, tags }: SageMakerEndpointArgs,
  ): aws.sagemaker.EndpointConfiguration {
    const refusesKey = variants.some(({ instanceType = DEFAULT_INSTANCE }) => hasLocalStorage(instanceType));
    return new aws.sagemaker.EndpointConfiguration(
      autoName(`${name}-configuration`, MAX_NAME),
      {
        productionVariants,
        kmsKeyArn: refusesKey ? undefined : kmsKeyArn,
        dataCaptureConfig: dataCapture && {
          enableCapture: true,
          initialSamplingPercentage: dataCapture.percent,
          destinationS3Uri: pulumi.interpolate`s3://${dataCapture.bucket}/${dataCapture.prefix}`,
          kmsKeyId: kmsKeyArn,
          captureOptions: [{ captureMode: "InputAndOutput" }],
          captureContentTypeHeader: { jsonContentTypes: ["application/json"], csvContentTypes: ["text/csv"] },
        },
        tags,
      },
      { parent: this },
    );
  }

  private createEndpoint(
    name: string,
    endpointName: string,
    { canaryPercent = 10, bakeSeconds = 300, tags }: SageMakerEndpointArgs,
    needs: {
      configuration: aws.sagemaker.EndpointConfiguration;
      alarms: readonly aws.cloudwatch.MetricAlarm[];
      logGroup: aws.cloudwatch.LogGroup;
    },
  ): aws.sagemaker.Endpoint {
    return new aws.sagemaker.Endpoint(
      `${name}-endpoint`,
      {
        name: endpointName,
        endpointConfigName: needs.configuration.name,
        deploymentConfig: {
          blueGreenUpdatePolicy: {
            trafficRoutingConfiguration: {
              type: "CANARY",
              canarySize: { type: "CAPACITY_PERCENT", value: canaryPercent },
              waitIntervalInSeconds: bakeSeconds,
            },
            terminationWaitInSeconds: 120,
            maximumExecutionTimeoutInSeconds: 3600 + bakeSeconds,
          },
          autoRollbackConfiguration: {
            alarms: needs.alarms.slice(0, MAX_ROLLBACK_ALARMS).map((alarm) => ({ alarmName: alarm.name })),
          },
        },
        tags,
      },
      { parent: this, dependsOn: [needs.logGroup] },
    );
  }
}

function productionVariant(
  { name, weight, instanceType = DEFAULT_INSTANCE, minInstances = 2 }: SageMakerVariant,
  model: aws.sagemaker.Model,
): ProductionVariants[number] {
  return {
    variantName: name,
    modelName: model.name,
    instanceType,
    initialInstanceCount: minInstances,
    initialVariantWeight: weight,
    containerStartupHealthCheckTimeoutInSeconds: 300,
  };
}

/** Name of a variant in error messages. */
function variantOwner(name: string, variant: string): string {
  return `${name}: variant ${variant}`;
}

/** Throws for arguments that SageMaker would refuse. */
function checkSageMaker(name: string, args: SageMakerEndpointArgs): void {
  const { variants, dataCapture, canaryPercent = 10, bakeSeconds = 300, maxErrorRate = 0.01 } = args;
  checkTraffic(variants, {
    field: `${name}: variants`,
    pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/,
    rule: "letters, digits and hyphens, 63 at most",
    max: 10,
  });
  within(1, 50, canaryPercent, `${name}: canaryPercent`);
  within(0, 3600, bakeSeconds, `${name}: bakeSeconds`);
  within(0, 1, maxErrorRate, `${name}: maxErrorRate`);
  if (dataCapture !== undefined) within(0, 100, dataCapture.percent, `${name}: dataCapture.percent`);
  for (const { name: variant, minInstances = 2, maxInstances = minInstances, modelDataUrl } of variants) {
    const owner = variantOwner(name, variant);
    if (modelDataUrl !== undefined && !/^s3:\/\/[^/]+\/.+\.tar\.gz$/.test(modelDataUrl))
      throw new Error(`${owner}: modelDataUrl must be s3://bucket/key.tar.gz, got ${modelDataUrl}`);
    checkScale(owner, minInstances, maxInstances, 1);
  }
}
