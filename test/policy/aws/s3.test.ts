import { describe, expect, test } from "vitest";
import { judge } from "../judge.ts";
import { ref, type Planned } from "../violations/planned.ts";

const bucket = (name: string, inputs: Record<string, unknown> = {}): Planned => ({
  name,
  type: "aws:s3/bucket:Bucket",
  inputs,
});
const encryption = (name: string, sseAlgorithm: string): Planned => ({
  name: `${name}-encryption`,
  type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  inputs: { bucket: ref(name), rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm } }] },
});
const logging = (name: string, targetBucket: unknown): Planned => ({
  name: `${name}-logging`,
  type: "aws:s3/bucketLogging:BucketLogging",
  inputs: { bucket: ref(name), targetBucket },
});
const blamed = (policy: string, resources: readonly Planned[], config: Record<string, unknown> = {}) =>
  judge(policy, resources, { config }).map(({ urn }) => urn?.split("::").at(-1));

describe("aws-s3-encrypted", () => {
  test("finds nothing in a bucket without a configuration, which S3 encrypts itself since 2023", () => {
    expect(blamed("aws-s3-encrypted", [bucket("objects")])).toEqual([]);
  });

  test("finds an algorithm that is none", () => {
    expect(blamed("aws-s3-encrypted", [bucket("objects"), encryption("objects", "none")])).toEqual([
      "objects",
    ]);
    expect(blamed("aws-s3-encrypted", [bucket("objects"), encryption("objects", "AES256")])).toEqual([]);
  });

  test("can demand keys of KMS, but not of buckets that receive logs", () => {
    const kms = { kms: true };
    const logs = [bucket("logs"), encryption("logs", "AES256"), logging("objects", ref("logs"))];
    const own = [bucket("objects"), encryption("objects", "aws:kms"), ...logs];
    expect(blamed("aws-s3-encrypted", own, kms)).toEqual([]);
    expect(blamed("aws-s3-encrypted", [bucket("objects"), ...logs], kms)).toEqual(["objects"]);
    expect(blamed("aws-s3-encrypted", [bucket("objects"), encryption("objects", "AES256")], kms)).toEqual([
      "objects",
    ]);
  });
});

describe("aws-s3-versioned", () => {
  test.each<[string, Planned[]]>([
    ["access logs of S3", [logging("objects", ref("logs"))]],
    ["access logs of S3, by its name", [logging("objects", "acme-logs")]],
    [
      "logs of a load balancer",
      [
        {
          name: "lb",
          type: "aws:lb/loadBalancer:LoadBalancer",
          inputs: { accessLogs: { bucket: "acme-logs" } },
        },
      ],
    ],
    [
      "flow logs",
      [
        {
          name: "flow",
          type: "aws:ec2/flowLog:FlowLog",
          inputs: { logDestinationType: "s3", logDestination: "arn:aws:s3:::acme-logs/network" },
        },
      ],
    ],
  ])("does not demand versions of a bucket that receives %s", (_, senders) => {
    const logs = bucket("logs", { bucket: "acme-logs" });
    expect(blamed("aws-s3-versioned", [logs, ...senders])).toEqual([]);
    expect(blamed("aws-s3-versioned", [logs])).toEqual(["logs"]);
  });

  test("still demands them of the bucket whose accesses are logged", () => {
    const resources = [bucket("objects"), bucket("logs"), logging("objects", ref("logs"))];
    expect(blamed("aws-s3-versioned", resources)).toEqual(["objects"]);
  });
});

test("one AccountPublicAccessBlock stands for the blocks of all buckets, setting by setting", () => {
  const account: Planned = {
    name: "account",
    type: "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
    inputs: { blockPublicAcls: true, blockPublicPolicy: false },
  };
  const resources = [account, bucket("a"), bucket("b")];
  expect(blamed("aws-s3-block-public-acls", resources)).toEqual([]);
  expect(blamed("aws-s3-block-public-policy", resources)).toEqual(["a", "b"]);
  expect(blamed("aws-s3-ignore-public-acls", resources)).toEqual(["a", "b"]);
});
