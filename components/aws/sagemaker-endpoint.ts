import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { MODEL_LAYOUT_DIRECTORY } from "../../runtime/contract/serving-target.ts";
import { within } from "../platform/kubernetes/at-least.ts";
import { trustPolicy } from "./managed-policy.ts";
import {
  checkScale,
  imageByDigest,
  managedEnv,
  type ManagedRuntimeArgs,
} from "../platform/serving/managed-runtime.ts";
import { hasLocalStorage, sagemakerRolePolicy } from "./managed-sagemaker.ts";
import { checkTraffic } from "../platform/serving/managed-variants.ts";

export interface SageMakerVariant {
  /** Unique; letters, digits and hyphens. */
  name: string;
  /** `<repository>@sha256:<64 hex digits>` */
  model: string;
  /** Of all requests, in percent. */
  weight: number;
  /** Such as `ml.c7i.large`. @default "ml.c7i.large" */
  instanceType?: string;
  /** Instances kept running; at least 1. @default 2, so that one may fail */
  minInstances?: number;
  /** Instances at most. @default - minInstances: it does not scale */
  maxInstances?: number;
  /** `s3://bucket/model.tar.gz` that holds the model as an OCI image layout, instead of the registry. @default none */
  modelDataUrl?: string;
}

export interface SageMakerEndpointArgs extends ManagedRuntimeArgs {
  region: string;
  /** Twelve digits. */
  account: string;
  /** Runtime image in ECR, by digest. */
  image: pulumi.Input<string>;
  /** The models and their shares of the requests, which total 100. */
  variants: readonly SageMakerVariant[];
  /** ARNs of the ECR repositories that hold the image and the models. */
  repositoryArns: readonly pulumi.Input<string>[];
  /** Encrypts disks, captured data and logs. */
  kmsKeyArn: pulumi.Input<string>;
  /** Private subnets and security groups of the containers. @default - SageMaker's own network */
  vpc?: { subnetIds: pulumi.Input<string>[]; securityGroupIds: pulumi.Input<string>[] };
  /** Name of the endpoint. @default - the component's name */
  endpointName?: string;
  /** Requests per instance and minute that autoscaling aims at. @default 1000 */
  invocationsPerInstance?: number;
  /** Keeps a share of requests and answers, for drift. @default none */
  dataCapture?: { bucket: pulumi.Input<string>; prefix: string; percent: number };
  /** Share of the new fleet that takes requests first when the endpoint is updated, in percent, 1 to 50. @default 10 */
  canaryPercent?: number;
  /** How long the alarms are watched before the rest follows, in seconds, 0 to 3600. @default 300 */
  bakeSeconds?: number;
  /** Share of requests that may fail before an update is rolled back, 0 to 1. @default 0.01 */
  maxErrorRate?: number;
  /** p99 of a container's answer, in milliseconds, beyond which an update is rolled back. @default 500 */
  maxLatencyMs?: number;
  /** Days that logs are kept. @default 30 */
  logRetentionDays?: number;
  /** On everything that takes tags. @default none */
  tags?: Record<string, string>;
}

/**
 * Serves models on SageMaker: a Model per variant, an endpoint that splits requests among them, autoscaling, and updates
 * that shift traffic to a canary of the new fleet and go back when an alarm goes off.
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
  /** URL of `InvokeEndpoint`; requests are signed. */
  readonly url: pulumi.Output<string>;
  /** Role of the containers. */
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: SageMakerEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:managed:SageMakerEndpoint", name, {}, opts);
    const { region, account, variants, vpc, kmsKeyArn, dataCapture, tags, endpointName = name } = args;
    const { invocationsPerInstance = 1000, canaryPercent = 10, bakeSeconds = 300 } = args;
    const { maxErrorRate = 0.01, maxLatencyMs = 500, logRetentionDays = 30 } = args;
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
    if (
      !variants.every(
        ({ modelDataUrl }) => modelDataUrl === undefined || /^s3:\/\/[^/]+\/.+\.tar\.gz$/.test(modelDataUrl),
      )
    )
      throw new Error(`${name}: modelDataUrl must be s3://bucket/key.tar.gz`);
    const image = imageByDigest(name, args.image);
    const child = { parent: this };

    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      {
        name: `/aws/sagemaker/Endpoints/${endpointName}`,
        retentionInDays: logRetentionDays,
        kmsKeyId: kmsKeyArn,
        tags,
      },
      child,
    );
    const role = new aws.iam.Role(
      `${name}-role`,
      { assumeRolePolicy: pulumi.jsonStringify(trustPolicy("sagemaker.amazonaws.com", account)), tags },
      child,
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        role: role.name,
        policy: pulumi.jsonStringify(
          sagemakerRolePolicy({
            repositoryArns: args.repositoryArns,
            logGroupArn: logGroup.arn,
            kmsKeyArn,
            modelDataArns: variants.flatMap(({ modelDataUrl }) =>
              modelDataUrl === undefined ? [] : [modelDataUrl.replace("s3://", "arn:aws:s3:::")],
            ),
            ...(dataCapture === undefined
              ? {}
              : {
                  captureArn: pulumi.interpolate`arn:aws:s3:::${dataCapture.bucket}/${dataCapture.prefix}/*`,
                }),
            vpc: vpc !== undefined,
          }),
        ),
      },
      child,
    );

    const productionVariants = variants.map((variant) => {
      const { model, weight, instanceType = "ml.c7i.large", minInstances = 2, modelDataUrl } = variant;
      const owner = `${name}: variant ${variant.name}`;
      checkScale(owner, minInstances, variant.maxInstances ?? minInstances, 1);
      const own = modelDataUrl === undefined ? args : { ...args, registryUrl: undefined };
      const layout = modelDataUrl === undefined ? undefined : MODEL_LAYOUT_DIRECTORY.sagemaker;
      const resource = new aws.sagemaker.Model(
        `${name}-${variant.name}`,
        {
          executionRoleArn: role.arn,
          // Isolated containers reach no registry: only those whose model SageMaker brings may be.
          enableNetworkIsolation: modelDataUrl !== undefined && args.featureStore === undefined,
          primaryContainer: {
            image,
            modelDataUrl,
            environment: managedEnv(owner, "sagemaker", model, own, layout),
          },
          vpcConfig: vpc && { subnets: vpc.subnetIds, securityGroupIds: vpc.securityGroupIds },
          tags,
        },
        { ...child, dependsOn: [policy] },
      );
      return {
        variantName: variant.name,
        modelName: resource.name,
        instanceType,
        initialInstanceCount: minInstances,
        initialVariantWeight: weight,
        containerStartupHealthCheckTimeoutInSeconds: 300,
      };
    });
    const encryptsItself = productionVariants.some(({ instanceType }) => hasLocalStorage(instanceType));
    const configuration = new aws.sagemaker.EndpointConfiguration(
      `${name}-configuration`,
      {
        productionVariants,
        kmsKeyArn: encryptsItself ? undefined : kmsKeyArn,
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
      child,
    );

    const alarms = variants.flatMap((variant) => {
      const dimensions = { EndpointName: endpointName, VariantName: variant.name };
      const watch = { ...ROLLBACK_ALARM, dimensions, tags };
      return [
        new aws.cloudwatch.MetricAlarm(
          `${name}-${variant.name}-errors`,
          {
            ...watch,
            alarmDescription: `${name}: ${variant.name} fails more than ${maxErrorRate * 100} % of requests`,
            metricName: "Invocation5XXErrors", // 0 or 1 for each request: its average is a rate
            statistic: "Average",
            threshold: maxErrorRate,
          },
          child,
        ),
        new aws.cloudwatch.MetricAlarm(
          `${name}-${variant.name}-latency`,
          {
            ...watch,
            alarmDescription: `${name}: ${variant.name} answers slower than ${maxLatencyMs} ms`,
            metricName: "ModelLatency",
            extendedStatistic: "p99",
            threshold: maxLatencyMs * 1000, // it is in microseconds
          },
          child,
        ),
      ];
    });
    const endpoint = new aws.sagemaker.Endpoint(
      `${name}-endpoint`,
      {
        name: endpointName,
        endpointConfigName: configuration.name,
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
          // SageMaker watches ten alarms at most.
          autoRollbackConfiguration: {
            alarms: alarms.slice(0, 10).map((alarm) => ({ alarmName: alarm.name })),
          },
        },
        tags,
      },
      { ...child, dependsOn: [logGroup] },
    );
    for (const { name: variant, minInstances = 2, maxInstances = minInstances } of variants) {
      if (maxInstances === minInstances) continue;
      const target = new aws.appautoscaling.Target(
        `${name}-${variant}-scale`,
        {
          serviceNamespace: "sagemaker",
          scalableDimension: "sagemaker:variant:DesiredInstanceCount",
          resourceId: pulumi.interpolate`endpoint/${endpoint.name}/variant/${variant}`,
          minCapacity: minInstances,
          maxCapacity: maxInstances,
          tags,
        },
        { ...child, deletedWith: endpoint },
      );
      new aws.appautoscaling.Policy(
        `${name}-${variant}-scaling`,
        {
          policyType: "TargetTrackingScaling",
          serviceNamespace: target.serviceNamespace,
          scalableDimension: target.scalableDimension,
          resourceId: target.resourceId,
          targetTrackingScalingPolicyConfiguration: {
            predefinedMetricSpecification: { predefinedMetricType: "SageMakerVariantInvocationsPerInstance" },
            targetValue: invocationsPerInstance,
            scaleInCooldown: 300,
            scaleOutCooldown: 60,
          },
        },
        { ...child, deletedWith: endpoint },
      );
    }
    this.endpointName = endpoint.name;
    this.endpointArn = endpoint.arn;
    this.roleArn = role.arn;
    this.url = pulumi.interpolate`https://runtime.sagemaker.${region}.amazonaws.com/endpoints/${endpoint.name}/invocations`;
    this.registerOutputs({ endpointName: this.endpointName, endpointArn: this.endpointArn, url: this.url });
  }
}

/** What all alarms that roll an update back have in common. */
const ROLLBACK_ALARM = {
  namespace: "AWS/SageMaker",
  comparisonOperator: "GreaterThanThreshold",
  period: 60,
  evaluationPeriods: 2,
  datapointsToAlarm: 2,
  treatMissingData: "notBreaching",
};
