import * as keyvault from "@pulumi/azure-native/keyvault/index.js";
import * as pulumi from "@pulumi/pulumi";
import { placeOf, type AzurePlace } from "./place.ts";
import { AzureKeyVault } from "./key-vault.ts";
import type { AzureNetwork } from "./network.ts";

export interface AzureKeyVaultSecretsArgs extends AzurePlace {
  network: AzureNetwork;
  /** Id of the Log Analytics workspace that gets the audit log. */
  workspaceId: pulumi.Input<string>;
  /** Names of secrets, such as `slack-webhook`. */
  secrets: readonly string[];
  /** Refuse to delete them. @default true */
  protect?: boolean;
}

/**
 * Secrets in a Key Vault of their own. Each begins with a version that is disabled and holds nothing: people add the next
 * (`az keyvault secret set`, from inside the network), so that neither the program nor its state ever has a value.
 *
 * @example
 * const store = new AzureKeyVaultSecrets("secrets", { ...place, network, workspaceId, secrets: ["slack-webhook"] });
 */
export class AzureKeyVaultSecrets extends pulumi.ComponentResource {
  /** `https://<name>.vault.azure.net/`, for a `SecretRef` with the store `azure-key-vault`. */
  readonly vaultUrl: pulumi.Output<string>;
  private readonly ids: ReadonlyMap<string, pulumi.Output<string>>;

  constructor(name: string, args: AzureKeyVaultSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:secrets:AzureKeyVaultSecrets", name, {}, opts);
    const { secrets, protect = true, resourceGroupName, tags, network, workspaceId } = args;
    const vault = new AzureKeyVault(
      name,
      { ...placeOf(args), network, workspaceId, protect },
      { parent: this },
    );
    this.ids = new Map(
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
          // Only ever the first version: what people add is theirs.
          { parent: this, protect, deletedWith: vault.resource, ignoreChanges: ["properties"] },
        );
        return [secretName, secret.id];
      }),
    );
    this.vaultUrl = vault.uri;
    this.registerOutputs({ vaultUrl: this.vaultUrl });
  }

  /** Scope of a role on one secret, such as `Key Vault Secrets User`. Throws for one that the store does not have. */
  secretId(secretName: string): pulumi.Output<string> {
    const id = this.ids.get(secretName);
    if (id === undefined)
      throw new Error(
        `secret ${secretName}: must be one of the store's (${[...this.ids.keys()].join(", ") || "there are none"}): add it to cloud.secrets`,
      );
    return id;
  }
}
