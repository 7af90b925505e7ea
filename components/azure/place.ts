import type * as pulumi from "@pulumi/pulumi";

/** Where Azure resources are created, and what their names and tags start from. Nearly every Azure component takes it. */
export interface AzurePlace {
  /** Id of the subscription. */
  subscription: string;
  /** Id of the Entra tenant. */
  tenant: string;
  /** Region, such as `westeurope`. */
  location: string;
  resourceGroupName: pulumi.Input<string>;
  /** Start of names that must be unique in all of Azure: 3 to 12 lower-case letters and digits. */
  prefix: string;
  /** Tags of all resources that take tags; the Azure provider has no default tags. */
  tags: Record<string, string>;
}

/** Returns only the place from the arguments of a component. */
export function placeOf(args: AzurePlace): AzurePlace {
  const { subscription, tenant, location, resourceGroupName, prefix, tags } = args;
  return { subscription, tenant, location, resourceGroupName, prefix, tags };
}

/** Returns the inputs that nearly every Azure resource has: location, resource group and tags. */
export function commonInputs({
  location,
  resourceGroupName,
  tags,
}: AzurePlace): Pick<AzurePlace, "location" | "resourceGroupName" | "tags"> {
  return { location, resourceGroupName, tags };
}
