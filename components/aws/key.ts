import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { awsPolicy, KEY_USE, type AwsStatement } from "./policy-document.ts";

export interface AwsKeyArgs {
  /** Description for people: the data that the key encrypts. */
  description: string;
  /** Account whose IAM policies decide who may use the key. */
  account: string;
  /** AWS services that use the key with their own identity, each under a `condition`. @default - none: services use it on behalf of their callers */
  services?: readonly { service: string; condition: NonNullable<AwsStatement["Condition"]> }[];
  /** Region of the key. @default - that of the provider */
  region?: string;
  /** Refuse to delete the key: the data that it encrypted could never be read again. @default true */
  protect?: boolean;
}

/** Waiting period before AWS deletes a key: the longest that AWS allows. */
const DELETION_WINDOW_DAYS = 30;

/**
 * A KMS key for one purpose. AWS rotates it every year.
 *
 * @example
 * const key = new AwsKey("registry-key", { description: "images and models", account: "123456789012" });
 */
export class AwsKey extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly resource: aws.kms.Key;

  constructor(name: string, args: AwsKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:keys:AwsKey", name, {}, opts);
    const { description, account, services = [], region, protect = true } = args;
    this.resource = new aws.kms.Key(
      `${name}-key`,
      {
        description,
        enableKeyRotation: true,
        deletionWindowInDays: DELETION_WINDOW_DAYS,
        ...(region === undefined ? {} : { region }),
        policy: awsPolicy(
          {
            // Without this statement IAM policies have no effect on the key, and nobody could correct a wrong key policy.
            Sid: "AccountDecidesByIam",
            Principal: { AWS: `arn:aws:iam::${account}:root` },
            Action: "kms:*",
            Resource: "*", // in a key policy: this key
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

/** Returns the `services` entry that lets CloudWatch Logs encrypt the log groups of an account and region. */
export function forLogGroups(account: string, region: string): NonNullable<AwsKeyArgs["services"]>[number] {
  return {
    service: `logs.${region}.amazonaws.com`,
    condition: {
      ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${region}:${account}:log-group:*` },
    },
  };
}
