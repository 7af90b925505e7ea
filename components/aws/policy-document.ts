import * as pulumi from "@pulumi/pulumi";

type Condition = Record<string, Record<string, pulumi.Input<string> | pulumi.Input<string>[]>>;

/** One statement of an IAM policy. */
export interface AwsStatement {
  Sid: string;
  Effect?: "Allow" | "Deny";
  Principal?: "*" | Record<string, pulumi.Input<string> | pulumi.Input<string>[]>;
  Action: string | string[];
  Resource?: pulumi.Input<string> | pulumi.Input<string>[];
  Condition?: Condition;
}

/** Returns the JSON text of an IAM policy. Statements without an `Effect` allow. */
export function awsPolicy(...statements: readonly AwsStatement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
  });
}

/** Returns the trust policy of a role that an AWS service assumes. `condition` can exclude other accounts; `actions` can add session tags. */
export function trustService(
  service: string,
  condition?: Condition,
  actions: string | string[] = "sts:AssumeRole",
): pulumi.Output<string> {
  return awsPolicy({
    Sid: "Service",
    Principal: { Service: service },
    Action: actions,
    ...(condition === undefined ? {} : { Condition: condition }),
  });
}

/** Condition that only requests on behalf of this account fulfil: protects against the confused deputy problem. */
export function onBehalfOf(account: string): Condition {
  return { StringEquals: { "aws:SourceAccount": account } };
}

/** Actions that encrypt and decrypt with a key. */
export const KEY_USE: readonly string[] = [
  "kms:Encrypt",
  "kms:Decrypt",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:DescribeKey",
];
