import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { awsPolicy, KEY_USE, type AwsStatement } from "./policy-document.ts";

export interface AwsKeyArgs {
  /** What it encrypts, for people. */
  description: string;
  /** Account whose IAM policies say who may use it. */
  account: string;
  /** Services that use it in their own name, each within `condition`. @default - none: they use it for who calls them */
  services?: readonly { service: string; condition: NonNullable<AwsStatement["Condition"]> }[];
  /** Refuse to delete it: what it encrypted could never be read again. @default true */
  protect?: boolean;
}

/** Days between the order to delete a key and its end, the most there are. */
const DELETION_WINDOW_DAYS = 30;

/**
 * A key of KMS that turns over each year, for one purpose.
 *
 * @example
 * const key = new AwsKey("registry-key", { description: "images and models", account: "123456789012" });
 */
export class AwsKey extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly resource: aws.kms.Key;

  constructor(name: string, args: AwsKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:keys:AwsKey", name, {}, opts);
    const { description, account, services = [], protect = true } = args;
    this.resource = new aws.kms.Key(
      `${name}-key`,
      {
        description,
        enableKeyRotation: true,
        deletionWindowInDays: DELETION_WINDOW_DAYS,
        policy: awsPolicy(
          {
            // Without it no policy of IAM counts, and a mistake in the key's own policy could not be undone.
            Sid: "AccountDecidesByIam",
            Principal: { AWS: `arn:aws:iam::${account}:root` },
            Action: "kms:*",
            Resource: "*", // in the policy of a key: this key
          },
          ...services.map(({ service, condition }, index) => ({
            Sid: `Service${index}`,
            Principal: { Service: service },
            Action: [...KEY_USE],
            Resource: "*",
            Condition: condition,
          })),
        ),
      },
      { parent: this, protect },
    );
    this.arn = this.resource.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** Lets CloudWatch Logs encrypt the log groups of an account and region with a key. */
export function forLogGroups(account: string, region: string): NonNullable<AwsKeyArgs["services"]>[number] {
  return {
    service: `logs.${region}.amazonaws.com`,
    condition: {
      ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${region}:${account}:log-group:*` },
    },
  };
}
