import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsKey } from "./key.ts";

export interface AwsSecretsManagerArgs {
  /** First part of the names in AWS: each secret is `<prefix>/<name>`. */
  prefix: string;
  /** Names of secrets, such as `slack-webhook`. */
  secrets: readonly string[];
  /** Encrypts the secrets. */
  key: AwsKey;
  /** Refuse to delete them. @default true */
  protect?: boolean;
}

/** Days in which a deleted secret can be restored: the longest that AWS allows. */
const RECOVERY_DAYS = 30;

/**
 * Empty secrets in AWS Secrets Manager, encrypted with the given key. People enter the values, so neither the program nor its
 * state ever contains them.
 *
 * @example
 * const store = new AwsSecretsManager("secrets", { prefix: "slipway", secrets: ["slack-webhook"], key });
 */
export class AwsSecretsManager extends pulumi.ComponentResource {
  /** ARNs of the secrets by name. */
  readonly arns: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: AwsSecretsManagerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:secrets:AwsSecretsManager", name, {}, opts);
    const { prefix, secrets, key, protect = true } = args;
    this.arns = Object.fromEntries(
      secrets.map((secret) => {
        const created = new aws.secretsmanager.Secret(
          `${name}-${secret}`,
          {
            name: `${prefix}/${secret}`,
            kmsKeyId: key.arn,
            recoveryWindowInDays: protect ? RECOVERY_DAYS : 0,
          },
          { parent: this, protect },
        );
        return [secret, created.arn];
      }),
    );
    this.registerOutputs({});
  }
}
