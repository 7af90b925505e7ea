import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { atLeast } from "../platform/kubernetes/at-least.ts";
import type { GcpKey } from "./key.ts";

export interface CloudStorageArgs {
  project: pulumi.Input<string>;
  region: string;
  /** Name of the bucket, unique in all of Google Cloud. */
  bucketName: pulumi.Input<string>;
  /** Encrypts the objects; its users must include Cloud Storage. */
  key: GcpKey;
  /** Days that deleted and overwritten objects are kept; at least 1. @default 30 */
  noncurrentDays?: number;
  /** Refuse to delete the bucket, and never empty it. @default true */
  protect?: boolean;
}

/**
 * A bucket with versions, encrypted with the given key. Nobody can make it public.
 *
 * @example
 * const storage = new CloudStorage("storage", { project: project.id, region, bucketName: "acme-ml-data", key });
 */
export class CloudStorage extends pulumi.ComponentResource {
  /** Name of the bucket. */
  readonly bucket: pulumi.Output<string>;

  constructor(name: string, args: CloudStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:storage:CloudStorage", name, {}, opts);
    const { project, region, bucketName, key, noncurrentDays = 30, protect = true } = args;
    atLeast(1, noncurrentDays, `${name}: noncurrentDays`);
    const bucket = new gcp.storage.Bucket(
      `${name}-bucket`,
      {
        project,
        name: bucketName,
        location: region.toUpperCase(),
        storageClass: "STANDARD",
        uniformBucketLevelAccess: true,
        publicAccessPrevention: "enforced",
        versioning: { enabled: true },
        softDeletePolicy: { retentionDurationSeconds: 7 * 86_400 },
        encryption: { defaultKmsKeyName: key.keyName },
        forceDestroy: !protect,
        lifecycleRules: [
          {
            action: { type: "Delete" },
            condition: { daysSinceNoncurrentTime: noncurrentDays, withState: "ARCHIVED" },
          },
          { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 7 } },
        ],
      },
      { parent: this, protect },
    );
    this.bucket = bucket.name;
    this.registerOutputs({ bucket: this.bucket });
  }
}

/**
 * Lets a member read, write and delete objects of a bucket, but not change the bucket.
 *
 * @param name - prefix of the grant's resource name
 */
export function allowBucketWrite(
  name: string,
  { bucket, member }: { bucket: pulumi.Input<string>; member: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): void {
  new gcp.storage.BucketIAMMember(
    `${name}-bucket-user`,
    { bucket, role: "roles/storage.objectUser", member },
    opts,
  );
}
