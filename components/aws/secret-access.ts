import type * as pulumi from "@pulumi/pulumi";
import type { AwsStatement } from "./policy-document.ts";

/**
 * Statements that let a role read secrets of Secrets Manager.
 *
 * @param arns - ARNs of the secrets
 * @param keyArn - key that encrypts them
 */
export function readSecretStatements(
  arns: readonly pulumi.Input<string>[],
  keyArn: pulumi.Input<string>,
): AwsStatement[] {
  return [
    {
      Sid: "ReadSecrets",
      Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
      Resource: [...arns],
    },
    { Sid: "DecryptSecrets", Action: ["kms:Decrypt"], Resource: keyArn },
  ];
}
