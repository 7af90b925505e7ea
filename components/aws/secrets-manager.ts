import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsStatement } from "./policy-document.ts";
import type { AwsKey } from "./key.ts";

export interface AwsSecretsManagerArgs {
  /** In AWS each secret is `<prefix>/<name>`. */
  prefix: string;
  /** Names of secrets, such as `slack-webhook`. */
  secrets: readonly string[];
  /** Encrypts them. */
  key: AwsKey;
  /** Refuse to delete them. @default true */
  protect?: boolean;
}

/** Days in which a deleted secret can be had back, the most there are. */
const RECOVERY_DAYS = 30;

/**
 * Secrets in AWS Secrets Manager, encrypted with a key of their own and empty: people put the values in, so that neither
 * the program nor its state ever has them.
 *
 * @example
 * const store = new AwsSecretsManager("secrets", { prefix: "slipway", secrets: ["slack-webhook"], key });
 */
export class AwsSecretsManager extends pulumi.ComponentResource {
  private readonly key: AwsKey;
  private readonly arns: ReadonlyMap<string, pulumi.Output<string>>;

  constructor(name: string, args: AwsSecretsManagerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:secrets:AwsSecretsManager", name, {}, opts);
    const { prefix, secrets, key, protect = true } = args;
    this.key = key;
    this.arns = new Map(
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

  /** ARN of a secret. Throws for one that the store does not have. */
  arn(secret: string): pulumi.Output<string> {
    const arn = this.arns.get(secret);
    if (arn === undefined)
      throw new Error(
        `secret ${secret}: must be one of the store's (${[...this.arns.keys()].join(", ") || "there are none"}): add it to cloud.secrets`,
      );
    return arn;
  }

  /** What a role needs to read these secrets and no others. */
  readStatements(...secrets: string[]): AwsStatement[] {
    return [
      {
        Sid: "ReadSecrets",
        Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        Resource: secrets.map((secret) => this.arn(secret)),
      },
      { Sid: "DecryptSecrets", Action: ["kms:Decrypt"], Resource: this.key.arn },
    ];
  }
}
