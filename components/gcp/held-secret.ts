import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { GcpKey } from "./key.ts";
import { after } from "../platform/after.ts";

export interface GcpHeldSecretArgs {
  project: pulumi.Input<string>;
  /** Region of the only copy of the secret. */
  region: string;
  /** Encrypts the secret; its users must include Secret Manager. */
  key: GcpKey;
  /** Name of the secret, unique in the project. */
  secretId: string;
  /** Value of the secret, which the stack knows, such as the password of its own Redis. */
  value: pulumi.Input<string>;
}

/**
 * A secret in Secret Manager whose value the stack knows, for services that accept a password only as a reference.
 *
 * @example
 * const secret = new GcpHeldSecret("redis-password", { project: project.id, region, key, secretId: "acme-redis-password", value: redis.password });
 */
export class GcpHeldSecret extends pulumi.ComponentResource {
  /** Name of the secret; becomes known when the secret has a value. */
  readonly secretId: pulumi.Output<string>;

  constructor(name: string, args: GcpHeldSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:secrets:GcpHeldSecret", name, {}, opts);
    const { project, region, key, secretId, value } = args;
    const secret = new gcp.secretmanager.Secret(
      `${name}-secret`,
      {
        project,
        secretId,
        replication: {
          userManaged: {
            replicas: [{ location: region, customerManagedEncryption: { kmsKeyName: key.keyName } }],
          },
        },
        deletionProtection: false, // the stack can create it again
      },
      { parent: this },
    );
    const version = new gcp.secretmanager.SecretVersion(
      `${name}-version`,
      { secret: secret.id, secretData: pulumi.secret(value) },
      { parent: this, deletedWith: secret },
    );
    this.secretId = after(secret.secretId, version.urn);
    this.registerOutputs({ secretId: this.secretId });
  }
}
