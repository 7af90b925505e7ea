import { expect, test } from "vitest";
import { AwsKey } from "../../../components/aws/key.ts";
import { S3Bucket, type S3BucketArgs } from "../../../components/aws/s3.ts";
import { find, list, named, record } from "../record.ts";
import { ACCOUNT, json } from "./aws-outputs.ts";

const build = (args: Partial<S3BucketArgs> = {}) =>
  record(() => {
    const key = new AwsKey("key", { description: "Objects", account: ACCOUNT });
    return new S3Bucket("objects", { bucketName: "slipway-objects", account: ACCOUNT, key, ...args });
  });
const each = (type: string) => [`${type} objects-logs-`, `${type} objects-`];

test("a bucket and its log bucket are private, versioned and encrypted", async () => {
  const { resources } = await build();
  const types = [
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketVersioning:BucketVersioning",
  ];
  const made = list(named(resources, "objects"));
  expect(made).toHaveLength(2 + types.length * 2 + 2);
  for (const start of types.flatMap(each)) expect(made.some((line) => line.startsWith(start))).toBe(true);
  for (const name of ["objects-private", "objects-logs-private"])
    expect(find(resources, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", name)).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
  expect(
    find(
      resources,
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      "objects-encryption",
    ),
  ).toMatchObject({
    rules: [
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:key-key" } },
    ],
  });
});

test("requests need TLS, and only S3 can write access logs of this bucket to the log bucket", async () => {
  const { resources } = await build();
  const policy = (name: string) => json(find(resources, "aws:s3/bucketPolicy:BucketPolicy", name)["policy"]);
  const tls = {
    Effect: "Deny",
    Principal: "*",
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  expect(policy("objects-policy")).toMatchObject({ Statement: [tls] });
  expect(policy("objects-logs-policy")).toMatchObject({
    Statement: [
      tls,
      {
        Principal: { Service: "logging.s3.amazonaws.com" },
        Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:s3:::slipway-objects" } },
      },
    ],
  });
});

test("refuses to keep old versions for less than a day", async () => {
  await expect(build({ oldVersionDays: 0 })).rejects.toThrow(
    "objects: oldVersionDays must be at least 1, got 0",
  );
});
