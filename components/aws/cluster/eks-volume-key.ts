import type * as pulumi from "@pulumi/pulumi";
import { KEY_USE, type AwsStatement } from "../policy-document.ts";

/** Statements that let the EBS driver use the key that encrypts volumes. @see https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html */
export function volumeKeyStatements(keyArn: pulumi.Input<string>): AwsStatement[] {
  return [
    { Sid: "UseKeyOfVolumes", Action: [...KEY_USE], Resource: keyArn },
    {
      Sid: "LetVolumesUseIt",
      Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
      Resource: keyArn,
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}
