import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { atLeast } from "../platform/kubernetes/at-least.ts";
import { awsPolicy, type AwsStatement } from "./policy-document.ts";
import type { AwsKey } from "./key.ts";
import { s3Arn } from "./s3-access.ts";

export interface S3BucketArgs {
  /** Name of the bucket, unique in all of AWS. The component also creates `<name>-logs`. */
  bucketName: string;
  account: string;
  /** Encrypts the objects. */
  key: AwsKey;
  /** Days after which overwritten and deleted versions are removed; at least 1. @default 90 */
  oldVersionDays?: number;
  /** Days that access logs are kept; at least 1. @default 365 */
  logDays?: number;
  /** Refuse to delete the bucket. @default true */
  protect?: boolean;
}

/**
 * A private bucket, reached only over TLS, with versions and an access log, encrypted with the given key.
 *
 * @example
 * const bucket = new S3Bucket("objects", { bucketName: `slipway-${account}-objects`, account, key });
 */
export class S3Bucket extends pulumi.ComponentResource {
  readonly arn: string;
  readonly bucketName: pulumi.Output<string>;

  constructor(name: string, args: S3BucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:storage:S3Bucket", name, {}, opts);
    const { bucketName, account, key, oldVersionDays = 90, logDays = 365, protect = true } = args;
    atLeast(1, oldVersionDays, `${name}: oldVersionDays`);
    atLeast(1, logDays, `${name}: logDays`);
    this.arn = s3Arn(bucketName);
    const logsName = `${bucketName}-logs`;
    const logs = this.createBucket(`${name}-logs`, logsName, protect);
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-logs-encryption`,
      {
        bucket: logs.id,
        // S3 can deliver access logs only to buckets without a KMS key.
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
      },
      { parent: this, deletedWith: logs },
    );
    this.createLifecycle(`${name}-logs`, logs, { id: "expire-logs", days: logDays, versions: "all" });
    const logsPolicy = this.createPolicy(`${name}-logs`, logs, logsName, {
      Sid: "AccessLogs",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `arn:aws:s3:::${logsName}/*`,
      Condition: {
        StringEquals: { "aws:SourceAccount": account },
        ArnEquals: { "aws:SourceArn": this.arn },
      },
    });

    // The bucket needs the key and the log bucket until it is deleted: without the order, new logs would fill the log bucket.
    const bucket = this.createBucket(name, bucketName, protect, [key.resource, logsPolicy]);
    const child = { parent: this, deletedWith: bucket };
    this.bucketName = bucket.id;
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket: bucket.id,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
            bucketKeyEnabled: true, // fewer KMS requests: not one per object
          },
        ],
      },
      child,
    );
    this.createLifecycle(name, bucket, {
      id: "expire-old-versions",
      days: oldVersionDays,
      versions: "noncurrent",
    });
    this.createPolicy(name, bucket, bucketName);
    new aws.s3.BucketLogging(
      `${name}-logging`,
      { bucket: bucket.id, targetBucket: logs.id, targetPrefix: "access/" },
      child,
    );
    this.registerOutputs({ bucketName: this.bucketName });
  }

  private createBucket(
    name: string,
    bucketName: string,
    protect: boolean,
    dependsOn: pulumi.Resource[] = [],
  ): aws.s3.Bucket {
    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      { bucket: bucketName, forceDestroy: !protect },
      { parent: this, protect, dependsOn },
    );
    const child = { parent: this, deletedWith: bucket };
    new aws.s3.BucketPublicAccessBlock(
      `${name}-private`,
      {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      child,
    );
    new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } }, // no access control lists
      child,
    );
    new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
      child,
    );
    return bucket;
  }

  private createLifecycle(
    name: string,
    bucket: aws.s3.Bucket,
    { id, days, versions }: { id: string; days: number; versions: "all" | "noncurrent" },
  ): void {
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        bucket: bucket.id,
        rules: [
          {
            id,
            status: "Enabled",
            filter: {},
            ...(versions === "all" ? { expiration: { days } } : {}),
            noncurrentVersionExpiration: { noncurrentDays: versions === "all" ? 1 : days },
          },
          {
            id: "abort-uploads",
            status: "Enabled",
            filter: {},
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      { parent: this, deletedWith: bucket },
    );
  }

  private createPolicy(
    name: string,
    bucket: aws.s3.Bucket,
    bucketName: string,
    ...statements: AwsStatement[]
  ): aws.s3.BucketPolicy {
    const arn = s3Arn(bucketName);
    return new aws.s3.BucketPolicy(
      `${name}-policy`,
      {
        bucket: bucket.id,
        policy: awsPolicy(
          {
            Sid: "TlsAlone",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [arn, `${arn}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
          ...statements,
        ),
      },
      { parent: this, deletedWith: bucket },
    );
  }
}
