import * as ml from "@pulumi/azure-native/machinelearningservices/index.js";
import * as monitor from "@pulumi/azure-native/monitor/index.js";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { commonInputs, placeOf, type AzurePlace } from "./place.ts";
import { AzureKeyVault, type AzureKey } from "./key-vault.ts";
import type { PrivateNetwork } from "./network.ts";
import { AzurePrivateEndpoint } from "./private-endpoint.ts";
import { grantAzureRole } from "./role-assignment.ts";
import { whenEffective } from "./role-effect.ts";
import { BlobStorage } from "./blob-storage.ts";
import { after } from "../platform/after.ts";

export interface AzureMlWorkspaceArgs extends AzurePlace {
  network: PrivateNetwork;
  /** Encrypts the workspace's storage. */
  key: AzureKey;
  /** Id of the Log Analytics workspace that gets the audit logs. */
  workspaceId: pulumi.Input<string>;
  /** Id of the registry that holds images and models. */
  registryId: pulumi.Input<string>;
  /** Copies of its storage in three zones of the region, or in one data center for a region without zones. @default Standard_ZRS */
  redundancy?: "Standard_ZRS" | "Standard_LRS";
  /** Refuse to delete its storage and its vault. @default true */
  protect?: boolean;
}

/**
 * A workspace of Azure Machine Learning for endpoints. It is reached only from inside the network, and its containers reach only
 * its own storage, its vault and the registry. Its name ends in random letters, because a deleted workspace keeps its name for 14
 * days.
 *
 * @see https://learn.microsoft.com/azure/machine-learning/how-to-managed-network
 * @example
 * const workspace = new AzureMlWorkspace("ml", { ...place, network, key, workspaceId, registryId });
 */
export class AzureMlWorkspace extends pulumi.ComponentResource {
  /** Name of the workspace; becomes known when endpoints can be created and called in it. */
  readonly workspaceName: pulumi.Output<string>;

  constructor(name: string, args: AzureMlWorkspaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:managed:AzureMlWorkspace", name, {}, opts);
    const { prefix, registryId, workspaceId, network, key, protect = true } = args;
    const child = { parent: this };
    const common = { ...placeOf(args), network, workspaceId, protect };
    const storage = new BlobStorage(
      `${name}-storage`,
      { ...common, key, redundancy: args.redundancy, purpose: "ml" },
      child,
    );
    const vault = new AzureKeyVault(`${name}-vault`, common, child);
    const suffix = new random.RandomString(
      `${name}-suffix`,
      { length: 6, upper: false, special: false },
      child,
    );
    const workspaceName = pulumi.interpolate`${prefix}-ml-${suffix.result}`;
    const workspace = new ml.Workspace(
      `${name}-workspace`,
      {
        ...commonInputs(args),
        workspaceName,
        friendlyName: `${prefix} models`,
        identity: { type: "SystemAssigned" },
        storageAccount: storage.id,
        keyVault: vault.id,
        containerRegistry: registryId,
        publicNetworkAccess: "Disabled",
        systemDatastoresAuthMode: "identity", // the storage account has no access keys
        v1LegacyMode: false,
        managedNetwork: { isolationMode: "AllowOnlyApprovedOutbound" },
      },
      { ...child, dependsOn: [vault.resource] },
    );
    // The workspace approves the private endpoints of its managed network to these resources.
    const principalId = workspace.identity.apply((identity) => identity?.principalId ?? "");
    const scopes = { storage: storage.id, vault: vault.id, registry: registryId };
    const approvals = Object.entries(scopes).map(([scopeName, scope]) =>
      grantAzureRole(
        `${name}-approver-${scopeName}`,
        { place: args, role: "Azure AI Enterprise Network Connection Approver", principalId, scope },
        child,
      ),
    );
    new monitor.DiagnosticSetting(
      `${name}-log`,
      {
        name: "endpoints",
        resourceUri: workspace.id,
        workspaceId,
        logs: [{ categoryGroup: "audit", enabled: true }],
      },
      child,
    );
    const endpoint = new AzurePrivateEndpoint(
      `${name}-private`,
      { ...placeOf(args), network, service: "ml", target: workspace.id, group: "amlworkspace" },
      child,
    );
    this.workspaceName = whenEffective(after(workspaceName, endpoint.resource.urn), ...approvals);
    this.registerOutputs({ workspaceName: this.workspaceName });
  }
}
