import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { GcpKey } from "./key.ts";

export interface GcpSecretManagerArgs {
  project: pulumi.Input<string>;
  /** Region of the only copy of the secrets. */
  region: string;
  /** Encrypts the secrets; its users must include Secret Manager. */
  key: GcpKey;
  /** First part of the secrets' ids, so that several stacks can share a project. */
  prefix: string;
  /** Names of the secrets. */
  names: readonly string[];
  /** Refuse to delete them. @default true */
  protect?: boolean;
}

/**
 * Empty secrets in Secret Manager. People enter the values, so neither the program nor its state ever contains them.
 *
 * @example
 * const secrets = new GcpSecretManager("secrets", { project: project.id, region, key, prefix: "acme", names: ["slack-webhook"] });
 * allowSecretRead("alerts", { project, prefix: "acme", secret: "slack-webhook", member: identity.member }, { parent: identity });
 */
export class GcpSecretManager extends pulumi.ComponentResource {
  constructor(name: string, args: GcpSecretManagerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:secrets:GcpSecretManager", name, {}, opts);
    const { project, region, key, prefix, names, protect = true } = args;
    for (const secret of names) {
      new gcp.secretmanager.Secret(
        `${name}-${secret}`,
        {
          project,
          secretId: gcpSecretId(prefix, secret),
          replication: {
            userManaged: {
              replicas: [{ location: region, customerManagedEncryption: { kmsKeyName: key.keyName } }],
            },
          },
          // Time in which the deletion of a value can be undone.
          versionDestroyTtl: `${7 * 86_400}s`,
          deletionProtection: protect,
        },
        { parent: this, protect },
      );
    }
    this.registerOutputs({});
  }
}

/** Id of a secret in its project, such as `acme-slack-webhook`. */
export function gcpSecretId(prefix: string, secret: string): string {
  return `${prefix}-${secret}`;
}

/**
 * Lets a member read the values of one secret of a `GcpSecretManager` with the same prefix.
 *
 * @param name - prefix of the grant's resource name
 */
export function allowSecretRead(
  name: string,
  {
    project,
    prefix,
    secret,
    member,
  }: { project: string; prefix: string; secret: string; member: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): void {
  new gcp.secretmanager.SecretIamMember(
    `${name}-${secret}-reader`,
    { project, secretId: gcpSecretId(prefix, secret), role: "roles/secretmanager.secretAccessor", member },
    opts,
  );
}
