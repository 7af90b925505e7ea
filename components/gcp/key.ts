import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { within } from "../platform/kubernetes/at-least.ts";
import { after } from "../platform/after.ts";
import { waitAfterCreate } from "../platform/wait-after-create.ts";

export interface GcpKeyArgs {
  project: pulumi.Input<string>;
  /** Region of the data that it encrypts: Google Cloud refuses keys of other regions. */
  region: string;
  /** Members of IAM policies that may encrypt with it, each under a short name that is part of the grant's resource name. */
  users: Record<string, pulumi.Input<string>>;
  /** Days until Cloud KMS creates the next version; between 1 and 365. Older versions still decrypt. @default 90 */
  rotationDays?: number;
  /** Seconds that an `up` waits after it has granted the use of the key: Google applies grants within minutes. @default 120 */
  grantSeconds?: number;
  /** Refuse to delete the key: the data that it encrypted would be lost with it. @default true */
  protect?: boolean;
}

/** Most grants are in force within two minutes. @see https://cloud.google.com/iam/docs/access-change-propagation */
const GRANT_SECONDS = 120;

/**
 * A Cloud KMS key for one purpose, with a key ring of its own and automatic rotation. Only its users may use it.
 *
 * @example
 * const key = new GcpKey("cluster-key", { project: project.id, region, users: { gke: project.agent("container") } });
 */
export class GcpKey extends pulumi.ComponentResource {
  /** `projects/…/cryptoKeys/…`; becomes known only when its users may use the key. */
  readonly keyName: pulumi.Output<string>;

  constructor(name: string, args: GcpKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:keys:GcpKey", name, {}, opts);
    const { project, region, users, rotationDays = 90, grantSeconds, protect = true } = args;
    within(1, 365, rotationDays, `${name}: rotationDays`);
    // Google never deletes a key ring, so each one needs a new name: Pulumi generates it.
    const ring = new gcp.kms.KeyRing(
      `${name}-ring`,
      { project, location: region },
      { parent: this, protect },
    );
    const key = new gcp.kms.CryptoKey(
      `${name}-key`,
      {
        keyRing: ring.id,
        purpose: "ENCRYPT_DECRYPT",
        rotationPeriod: `${rotationDays * 86_400}s`,
        // Time in which a deletion can be undone.
        destroyScheduledDuration: `${30 * 86_400}s`,
        versionTemplate: { algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION", protectionLevel: "SOFTWARE" },
      },
      { parent: this, protect },
    );
    const grants = Object.entries(users).map(([user, member]) =>
      grantKeyUse(`${name}-${user}`, key.id, member, {
        parent: this,
        ...waitAfterCreate(grantSeconds ?? GRANT_SECONDS),
      }),
    );
    this.keyName = after(key.id, ...grants.map((grant) => grant.id));
    this.registerOutputs({ keyName: this.keyName });
  }
}

/** Lets a member encrypt and decrypt with a key. The role gives no right to read or to manage the key. */
export function grantKeyUse(
  name: string,
  cryptoKeyId: pulumi.Input<string>,
  member: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): gcp.kms.CryptoKeyIAMMember {
  return new gcp.kms.CryptoKeyIAMMember(
    name,
    { cryptoKeyId, role: "roles/cloudkms.cryptoKeyEncrypterDecrypter", member },
    opts,
  );
}
