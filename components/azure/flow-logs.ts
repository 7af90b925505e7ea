import * as managedidentity from "@pulumi/azure-native/managedidentity/index.js";
import * as network from "@pulumi/azure-native/network/index.js";
import * as pulumi from "@pulumi/pulumi";
import { grantAzureRole } from "./role-assignment.ts";
import { whenEffective } from "./role-effect.ts";
import { atLeast } from "../platform/kubernetes/at-least.ts";
import { commonInputs, placeOf, type AzurePlace } from "./place.ts";
import type { AzureKey } from "./key-vault.ts";
import { BlobStorage } from "./blob-storage.ts";
import type { AzureNetwork } from "./network.ts";

export interface AzureFlowLogsArgs extends AzurePlace {
  network: AzureNetwork;
  /** Key that encrypts the logs. */
  key: AzureKey;
  /** Id of the Log Analytics workspace in which Traffic Analytics summarizes the flows. */
  workspaceId: pulumi.Input<string>;
  /** Days that logs are kept; at least 1. @default 90 */
  retentionDays?: number;
  /** Copies in three zones of the region, or in one data center for a region without zones. @default Standard_ZRS */
  redundancy?: "Standard_ZRS" | "Standard_LRS";
  /** Name of the Network Watcher, which Azure creates with the first network of a region, unless the subscription has opted out. @default NetworkWatcher_<location> */
  networkWatcherName?: string;
  /** Resource group of the Network Watcher. @default NetworkWatcherRG, where Azure puts it */
  networkWatcherGroup?: string;
}

/**
 * Logs the traffic of a virtual network to a storage account of its own, with an identity that can only write there. Traffic
 * Analytics summarizes it in the workspace every hour. (Azure retires flow logs of security groups.)
 *
 * @example
 * new AzureFlowLogs("flow-logs", { ...place, network, key: keys.key("data"), workspaceId });
 */
export class AzureFlowLogs extends pulumi.ComponentResource {
  constructor(name: string, args: AzureFlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:network:AzureFlowLogs", name, {}, opts);
    const { network: loggedNetwork, workspaceId, retentionDays = 90, location, tags, prefix } = args;
    const { networkWatcherName = `NetworkWatcher_${location}`, networkWatcherGroup = "NetworkWatcherRG" } =
      args;
    atLeast(1, retentionDays, `${name}: retentionDays`);
    const logs = new BlobStorage(
      `${name}-storage`,
      {
        ...placeOf(args),
        network: loggedNetwork,
        key: args.key,
        workspaceId,
        purpose: "flows",
        azureServices: true,
        redundancy: args.redundancy,
        expireDays: retentionDays,
        keepDeletedDays: 7,
        protect: false,
      },
      { parent: this },
    );
    const writer = new managedidentity.UserAssignedIdentity(
      `${name}-writer`,
      { ...commonInputs(args), resourceName: `${prefix}-flow-logs` },
      { parent: this },
    );
    const role = grantAzureRole(
      `${name}-writer-role`,
      {
        place: args,
        role: "Storage Blob Data Contributor",
        principalId: writer.principalId,
        scope: logs.id,
      },
      { parent: this },
    );
    new network.FlowLog(
      `${name}-flow-log`,
      {
        resourceGroupName: networkWatcherGroup,
        networkWatcherName,
        location,
        tags,
        flowLogName: `${prefix}-network`,
        enabled: true,
        targetResourceId: loggedNetwork.id,
        storageId: logs.id,
        identity: { type: "UserAssigned", userAssignedIdentities: [whenEffective(writer.id, role)] },
        format: { type: "JSON", version: 2 },
        retentionPolicy: { enabled: true, days: retentionDays },
        flowAnalyticsConfiguration: {
          networkWatcherFlowAnalyticsConfiguration: {
            enabled: true,
            trafficAnalyticsInterval: 60,
            workspaceResourceId: workspaceId,
          },
        },
      },
      { parent: this, dependsOn: [role, logs] },
    );
    this.registerOutputs({});
  }
}
