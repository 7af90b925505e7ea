import * as operationalinsights from "@pulumi/azure-native/operationalinsights/index.js";
import * as resources from "@pulumi/azure-native/resources/index.js";
import * as pulumi from "@pulumi/pulumi";
import { within } from "../platform/kubernetes/at-least.ts";
import type { AzurePlace } from "./place.ts";

export interface AzureResourceGroupArgs extends Omit<AzurePlace, "resourceGroupName"> {
  /** Days that logs are kept; 30 to 730. @default 90 */
  logRetentionDays?: number;
}

/**
 * A resource group, and the Log Analytics workspace for the logs of its resources.
 *
 * @example
 * const group = new AzureResourceGroup("group", { subscription, tenant, location: "westeurope", prefix: "acme", tags });
 * new AzureNetwork("network", { ...group.place });
 */
export class AzureResourceGroup extends pulumi.ComponentResource {
  /** Pass it to the other Azure components. */
  readonly place: AzurePlace;
  readonly id: pulumi.Output<string>;
  readonly groupName: string;
  /** Id of the Log Analytics workspace. */
  readonly workspaceId: pulumi.Output<string>;

  constructor(name: string, args: AzureResourceGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:network:AzureResourceGroup", name, {}, opts);
    const { logRetentionDays = 90, ...place } = args;
    within(30, 730, logRetentionDays, `${name}: logRetentionDays`);
    const { location, prefix, tags } = place;
    this.groupName = `${prefix}-slipway`;
    const group = new resources.ResourceGroup(
      `${name}-group`,
      { resourceGroupName: this.groupName, location, tags },
      { parent: this },
    );
    const workspace = new operationalinsights.Workspace(
      `${name}-logs`,
      {
        resourceGroupName: group.name,
        location,
        tags,
        workspaceName: `${prefix}-logs`,
        sku: { name: "PerGB2018" },
        retentionInDays: logRetentionDays,
        features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
      },
      { parent: this },
    );
    this.place = { ...place, resourceGroupName: group.name };
    this.id = group.id;
    this.workspaceId = workspace.id;
    this.registerOutputs({ id: this.id });
  }
}
