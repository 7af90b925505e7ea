import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { within } from "../platform/kubernetes/at-least.ts";
import { after } from "../platform/after.ts";

export interface GcpKeyArgs {
  project: pulumi.Input<string>;
  /** Region of what it encrypts: other keys are refused there. */
  region: string;
  /** Who encrypts with it: what the member is called here, and the member of IAM policies. */
  users: Record<string, pulumi.Input<string>>;
  /** Days until the next version is made; between 1 and 365. Older versions go on to decrypt. @default 90 */
  rotationDays?: number;
  /** Refuse to delete the key: what it encrypted is lost with it. @default true */
  protect?: boolean;
}

/** Encrypts and decrypts, and nothing else: it can neither read a key nor manage one. */
const USE_KEY = "roles/cloudkms.cryptoKeyEncrypterDecrypter";

/**
 * A Cloud KMS key for one purpose, in a ring of its own, rotated, for its users alone.
 *
 * @example
 * const key = new GcpKey("cluster-key", { project: project.id, region, users: { gke: project.agent("container") } });
 */
export class GcpKey extends pulumi.ComponentResource {
  /** `projects/…/cryptoKeys/…`, known once its users may use it. */
  readonly keyName: pulumi.Output<string>;

  constructor(name: string, args: GcpKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:keys:GcpKey", name, {}, opts);
    const { project, region, users, rotationDays = 90, protect = true } = args;
    within(1, 365, rotationDays, `${name}: rotationDays`);
    // Google never deletes a ring: its name has to be new each time, as Pulumi's own names are.
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
        // Time in which a deletion can be taken back.
        destroyScheduledDuration: `${30 * 86_400}s`,
        versionTemplate: { algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION", protectionLevel: "SOFTWARE" },
      },
      { parent: this, protect },
    );
    const grants = Object.entries(users).map(
      ([user, member]) =>
        new gcp.kms.CryptoKeyIAMMember(
          `${name}-${user}`,
          { cryptoKeyId: key.id, role: USE_KEY, member },
          { parent: this },
        ),
    );
    this.keyName = after(key.id, ...grants.map((grant) => grant.id));
    this.registerOutputs({ keyName: this.keyName });
  }
}
