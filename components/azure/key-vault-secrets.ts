import * as keyvault from "@pulumi/azure-native/keyvault/index.js";
import * as pulumi from "@pulumi/pulumi";
import { placeOf, type AzurePlace } from "./place.ts";
import { grantAzureAdmins } from "./role-assignment.ts";
import { AzureKeyVault } from "./key-vault.ts";
import type { AzureNetwork } from "./network.ts";

export interface AzureKeyVaultSecretsArgs extends AzurePlace {
  network: AzureNetwork;
  /** Id of the Log Analytics workspace that gets the audit log. */
  workspaceId: pulumi.Input<string>;
  /** Names of the secrets, such as `slack-webhook`. */
  secrets: readonly string[];
  /** Object ids of the Entra groups whose members may write values. @default - none */
  adminGroups?: readonly string[];
  /** Networks of administrators. Those of the internet may reach the vault; the network admits private ones. @default - none */
  adminCidrs?: readonly string[];
  /** Refuse to delete the secrets and their vault. @default true */
  protect?: boolean;
}

/**
 * Secrets in a Key Vault of their own. Each starts with a disabled version without a real value. People add the next version
 * (`az keyvault secret set`, from inside the network or a network of administrators), so neither the program nor its state ever contains the value.
 *
 * @example
 * const store = new AzureKeyVaultSecrets("secrets", { ...place, network, workspaceId, secrets: ["slack-webhook"] });
 */
export class AzureKeyVaultSecrets extends pulumi.ComponentResource {
  /** `https://<name>.vault.azure.net/`, for a `SecretRef` with the store `azure-key-vault`. */
  readonly vaultUrl: pulumi.Output<string>;
  /** Ids of the secrets by name: the scopes for role assignments, such as `Key Vault Secrets User`. */
  readonly ids: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: AzureKeyVaultSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:secrets:AzureKeyVaultSecrets", name, {}, opts);
    const { secrets, protect = true, resourceGroupName, tags, network, workspaceId } = args;
    const { adminGroups = [], adminCidrs = [] } = args;
    const vault = new AzureKeyVault(
      name,
      { ...placeOf(args), network, workspaceId, adminCidrs, protect },
      { parent: this },
    );
    grantAzureAdmins(
      name,
      { place: args, role: "Key Vault Secrets Officer", adminGroups, scope: vault.id },
      { parent: this },
    );
    this.ids = Object.fromEntries(
      secrets.map((secretName) => {
        const secret = new keyvault.Secret(
          `${name}-${secretName}`,
          {
            resourceGroupName,
            tags,
            vaultName: vault.vaultName,
            secretName,
            properties: {
              value: pulumi.secret("to be filled"),
              contentType: "text/plain",
              attributes: { enabled: false },
            },
          },
          // Pulumi manages only the first version; people add the later ones.
          { parent: this, protect, deletedWith: vault.resource, ignoreChanges: ["properties"] },
        );
        return [secretName, secret.id];
      }),
    );
    this.vaultUrl = vault.uri;
    this.registerOutputs({ vaultUrl: this.vaultUrl });
  }
}
