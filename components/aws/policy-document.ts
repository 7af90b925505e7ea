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

/** Text of an IAM policy. Statements allow unless they say otherwise. */
export function awsPolicy(...statements: readonly AwsStatement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
  });
}

/** Trust policy of a role that a service of AWS takes on. `condition` keeps other accounts' services out. */
export function trustService(service: string, condition?: Condition): pulumi.Output<string> {
  return awsPolicy({
    Sid: "Service",
    Principal: { Service: service },
    Action: "sts:AssumeRole",
    ...(condition === undefined ? {} : { Condition: condition }),
  });
}

/** Only what happens on behalf of this account: the guard against a confused deputy. */
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
