import { expect, test } from "vitest";
import { GcpKey } from "../../../components/gcp/key.ts";
import {
  allowBucketWrite,
  CloudStorage,
  type CloudStorageArgs,
} from "../../../components/gcp/cloud-storage.ts";
import { find, list, record } from "../record.ts";

const build = (args: Partial<CloudStorageArgs> = {}) =>
  record(() => {
    const common = { project: "acme-ml", region: "europe-west4" };
    const key = new GcpKey("key", { ...common, users: {} });
    const storage = new CloudStorage("storage", { ...common, bucketName: "acme-ml-data", key, ...args });
    const { bucket } = storage;
    allowBucketWrite("training", { bucket, member: "serviceAccount:training" }, { parent: storage });
  });

test("a bucket is versioned, encrypted with the given key, and not public", async () => {
  const { resources } = await build();
  expect(find(resources, "gcp:storage/bucket:Bucket", "storage-bucket")).toEqual({
    project: "acme-ml",
    name: "acme-ml-data",
    location: "EUROPE-WEST4",
    storageClass: "STANDARD",
    uniformBucketLevelAccess: true,
    publicAccessPrevention: "enforced",
    versioning: { enabled: true },
    softDeletePolicy: { retentionDurationSeconds: 604_800 },
    encryption: { defaultKmsKeyName: "key-key-id" },
    forceDestroy: false,
    lifecycleRules: [
      { action: { type: "Delete" }, condition: { daysSinceNoncurrentTime: 30, withState: "ARCHIVED" } },
      { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 7 } },
    ],
  });
});

test("write access covers objects, but not the bucket", async () => {
  const { resources } = await build();
  expect(list(resources)).toContain("gcp:storage/bucketIAMMember:BucketIAMMember training-bucket-user");
  expect(find(resources, "gcp:storage/bucketIAMMember:BucketIAMMember", "training-bucket-user")).toEqual({
    bucket: "acme-ml-data",
    role: "roles/storage.objectUser",
    member: "serviceAccount:training",
  });
});

test("refuses to keep deleted objects for zero days", async () => {
  await expect(build({ noncurrentDays: 0 })).rejects.toThrow(
    "storage: noncurrentDays must be at least 1, got 0",
  );
});
