import * as pulumi from "@pulumi/pulumi";
import { AzureKeyVault } from "./key-vault.ts";
import type { AzureNetwork } from "./network.ts";
import { placeOf, type AzurePlace } from "./place.ts";
import { grantAzureAdmins } from "./role-assignment.ts";

export interface AzureKeyVaultCertificatesArgs extends AzurePlace {
  network: AzureNetwork;
  /** Id of the Log Analytics workspace that gets the audit log. */
  workspaceId: pulumi.Input<string>;
  /** Object ids of the Entra groups whose members may import and issue certificates. @default - none */
  adminGroups?: readonly string[];
  /** Networks of administrators. Those of the internet may reach the vault; the network admits private ones. @default - none */
  adminCidrs?: readonly string[];
  /** Refuse to delete the vault and its certificates. @default true */
  protect?: boolean;
}

/**
 * A Key Vault for certificates alone, because their readers may read all of the vault. It starts empty: people import certificates (`az keyvault certificate
 * import`), or let an authority with which they connect the vault issue and renew them. Resource Manager has no certificates, so the program cannot.
 *
 * @example
 * const certificates = new AzureKeyVaultCertificates("certificates", { ...place, network, workspaceId, adminGroups });
 */
export class AzureKeyVaultCertificates extends pulumi.ComponentResource {
  /** Id of the vault: the scope for `Key Vault Secrets User`, with which a gateway reads a certificate and its key. */
  readonly vaultId: pulumi.Output<string>;
  /** `https://<name>.vault.azure.net/`. */
  readonly vaultUrl: pulumi.Output<string>;

  constructor(name: string, args: AzureKeyVaultCertificatesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:gateway:AzureKeyVaultCertificates", name, {}, opts);
    const { network, workspaceId, adminGroups = [], adminCidrs = [], protect = true } = args;
    const vault = new AzureKeyVault(
      name,
      { ...placeOf(args), network, workspaceId, adminCidrs, protect },
      { parent: this },
    );
    grantAzureAdmins(
      name,
      { place: args, role: "Key Vault Certificates Officer", adminGroups, scope: vault.id },
      { parent: this },
    );
    this.vaultId = vault.id;
    this.vaultUrl = vault.uri;
    this.registerOutputs({ vaultUrl: this.vaultUrl });
  }
}
