import * as keyvault from "@pulumi/azure-native/keyvault/index.js";
import * as monitor from "@pulumi/azure-native/monitor/index.js";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { within } from "../platform/kubernetes/at-least.ts";
import { commonInputs, placeOf, type AzurePlace } from "./place.ts";
import { firewallRanges } from "./admin-networks.ts";
import type { PrivateNetwork } from "./network.ts";
import { AzurePrivateEndpoint } from "./private-endpoint.ts";

export interface AzureKeyVaultArgs extends AzurePlace {
  network: PrivateNetwork;
  /** Id of the Log Analytics workspace that gets the audit log. */
  workspaceId: pulumi.Input<string>;
  /** Names of the keys to create; Azure rotates each key once a year. @default - none */
  keys?: readonly string[];
  /** Keep the keys in hardware modules. Each then costs 5 USD a month. A change replaces the keys. @default false: keys in software, which are free */
  hsm?: boolean;
  /** Networks of administrators. Those of the internet may reach the vault; the network admits private ones. @default - none */
  adminCidrs?: readonly string[];
  /** Days in which deleted keys and secrets can be restored; 7 to 90. @default 90 */
  softDeleteDays?: number;
  /** Refuse to delete the vault and its keys. @default true */
  protect?: boolean;
}

/** A key of a vault, with all its ids and URIs, of which Azure services need different ones. */
export interface AzureKey {
  /** Id of the key: the scope for role assignments. */
  id: pulumi.Output<string>;
  name: string;
  /** URI without a version: services that get it use the new version after a rotation. */
  uri: pulumi.Output<string>;
  /** URI of the version that was current when the key was created. */
  versionedUri: pulumi.Output<string>;
  vaultUri: pulumi.Output<string>;
  vaultId: pulumi.Output<string>;
  /** Resources that must exist before a service can reach the key. */
  ready: pulumi.Resource[];
}

/**
 * A Key Vault for role-based access from inside the network: no access policies, and no public network but those of administrators. Deleted keys and secrets
 * can be restored and cannot be purged. Its name ends in random letters, because a deleted vault keeps its name.
 *
 * @example
 * const keys = new AzureKeyVault("keys", { ...place, network, workspaceId, keys: ["data"] });
 * new BlobStorage("data", { ...place, network, key: keys.key("data") });
 */
export class AzureKeyVault extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  readonly vaultName: pulumi.Output<string>;
  /** `https://<name>.vault.azure.net/`. */
  readonly uri: pulumi.Output<string>;
  /** Pass it as `deletedWith` to resources that exist only in the vault. */
  readonly resource: keyvault.Vault;
  private readonly keys: ReadonlyMap<string, AzureKey>;

  constructor(name: string, args: AzureKeyVaultArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:keys:AzureKeyVault", name, {}, opts);
    const { workspaceId, keys = [], softDeleteDays = 90, protect = true, prefix, tenant } = args;
    const { hsm = false, adminCidrs } = args;
    const ranges = firewallRanges(adminCidrs);
    within(7, 90, softDeleteDays, `${name}: softDeleteDays`);
    const child = { parent: this };
    const suffix = new random.RandomString(
      `${name}-suffix`,
      { length: 8, upper: false, special: false },
      child,
    );
    const vault = new keyvault.Vault(
      `${name}-vault`,
      {
        ...commonInputs(args),
        vaultName: pulumi.interpolate`${prefix}-${suffix.result}`,
        properties: {
          tenantId: tenant,
          // Keys in hardware modules need Premium.
          sku: { family: "A", name: hsm ? keyvault.SkuName.Premium : keyvault.SkuName.Standard },
          enableRbacAuthorization: true,
          enableSoftDelete: true,
          softDeleteRetentionInDays: softDeleteDays,
          enablePurgeProtection: true,
          publicNetworkAccess: ranges.length > 0 ? "Enabled" : "Disabled",
          networkAcls: {
            defaultAction: "Deny",
            bypass: "AzureServices", // disks and storage accounts read their keys as Azure services
            ipRules: ranges.map((value) => ({ value })),
          },
        },
      },
      { parent: this, protect },
    );
    new monitor.DiagnosticSetting(
      `${name}-audit`,
      {
        name: "audit",
        resourceUri: vault.id,
        workspaceId,
        logs: [{ category: "AuditEvent", enabled: true }],
      },
      child,
    );
    const endpoint = new AzurePrivateEndpoint(
      `${name}-private`,
      { ...placeOf(args), network: args.network, service: "vault", target: vault.id, group: "vault" },
      child,
    );
    this.resource = vault;
    this.id = vault.id;
    this.vaultName = vault.name;
    this.uri = pulumi.interpolate`https://${vault.name}.vault.azure.net/`;
    this.keys = new Map(
      keys.map((keyName) => {
        const key = new keyvault.Key(
          `${name}-${keyName}-key`,
          {
            resourceGroupName: args.resourceGroupName,
            tags: args.tags,
            vaultName: vault.name,
            keyName,
            properties: {
              kty: hsm ? "RSA-HSM" : "RSA",
              keySize: 3072,
              attributes: { enabled: true },
              rotationPolicy: YEARLY,
            },
          },
          { parent: this, protect, deletedWith: vault },
        );
        const uri = pulumi.interpolate`${this.uri}keys/${keyName}`;
        return [
          keyName,
          {
            id: key.id,
            name: keyName,
            uri,
            versionedUri: key.keyUriWithVersion,
            vaultUri: this.uri,
            vaultId: vault.id,
            ready: [key, endpoint.resource],
          },
        ];
      }),
    );
    this.registerOutputs({ id: this.id, uri: this.uri });
  }

  /** Returns one of `keys`. Throws for any other name. */
  key(keyName: string): AzureKey {
    const key = this.keys.get(keyName);
    if (key === undefined) throw new Error(`key vault: keys must contain ${keyName}`);
    return key;
  }
}

/**
 * Creates a new version every year. Versions do not expire, because AKS and Redis keep their version until the next
 * `pulumi refresh` and `up` give them the new one, and could not encrypt with an expired version.
 */
const YEARLY = {
  lifetimeActions: [
    { action: { type: keyvault.KeyRotationPolicyActionType.Rotate }, trigger: { timeAfterCreate: "P1Y" } },
  ],
};
