import type * as pulumi from "@pulumi/pulumi";
import { KEY_USE, type AwsStatement } from "./policy-document.ts";

/** Returns the ARN of a bucket. */
export function s3Arn(bucketName: string): string {
  return `arn:aws:s3:::${bucketName}`;
}

/**
 * Statements that let a role read, write and delete objects of a bucket, but not old versions.
 *
 * @param keyArn - key that encrypts the bucket
 */
export function s3WriteStatements(bucketName: string, keyArn: pulumi.Input<string>): AwsStatement[] {
  const arn = s3Arn(bucketName);
  return [
    { Sid: "ListObjects", Action: ["s3:ListBucket", "s3:GetBucketLocation"], Resource: arn },
    {
      Sid: "WriteObjects",
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      Resource: `${arn}/*`,
    },
    { Sid: "UseKeyOfObjects", Action: [...KEY_USE], Resource: keyArn },
  ];
}
