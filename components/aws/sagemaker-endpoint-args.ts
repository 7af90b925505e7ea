import type * as pulumi from "@pulumi/pulumi";
import type { ManagedRuntimeArgs } from "../platform/serving/managed-runtime.ts";

export interface SageMakerVariant {
  /** Unique; letters, digits and hyphens. */
  name: string;
  /** `<repository>@sha256:<64 hex digits>` */
  model: string;
  /** Share of all requests, in percent. */
  weight: number;
  /** SageMaker instance type. @default "ml.c7i.large" */
  instanceType?: string;
  /** Instances kept running; at least 1. @default 2, so that one may fail */
  minInstances?: number;
  /** Instances at most. @default - minInstances: it does not scale */
  maxInstances?: number;
  /** `s3://bucket/model.tar.gz` with the model as an OCI image layout; SageMaker reads it instead of the registry. @default none */
  modelDataUrl?: string;
}

export interface SageMakerEndpointArgs extends ManagedRuntimeArgs {
  region: string;
  /** Id of the AWS account: twelve digits. */
  account: string;
  /** Runtime image in ECR, by digest. */
  image: pulumi.Input<string>;
  /** The models and their shares of the requests, which must total 100. */
  variants: readonly SageMakerVariant[];
  /** ARNs of the ECR repositories that hold the image and the models. */
  repositoryArns: readonly pulumi.Input<string>[];
  /** Encrypts disks, captured data and logs. */
  kmsKeyArn: pulumi.Input<string>;
  /** Private subnets and security groups of the containers. @default - SageMaker's own network */
  vpc?: { subnetIds: pulumi.Input<pulumi.Input<string>[]>; securityGroupIds: pulumi.Input<string>[] };
  /** Name of the endpoint. @default - the component's name */
  endpointName?: string;
  /** Autoscaling target: requests per instance and minute. @default 1000 */
  invocationsPerInstance?: number;
  /** Stores a share of the requests and answers in S3, for drift analysis. @default none */
  dataCapture?: { bucket: pulumi.Input<string>; prefix: string; percent: number };
  /** Share of the new fleet that gets requests first in an update, in percent; 1 to 50. @default 10 */
  canaryPercent?: number;
  /** Seconds that SageMaker watches the alarms before it shifts the other requests; 0 to 3600. @default 300 */
  bakeSeconds?: number;
  /** Error rate above which an update is rolled back; 0 to 1. @default 0.01 */
  maxErrorRate?: number;
  /** p99 latency of the containers, in milliseconds, above which an update is rolled back. @default 500 */
  maxLatencyMs?: number;
  /** Days that logs are kept. @default 30 */
  logRetentionDays?: number;
  /** Tags of all resources that take tags. @default none */
  tags?: Record<string, string>;
}
