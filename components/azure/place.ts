import type * as pulumi from "@pulumi/pulumi";

/** Where resources of Azure are created. Nearly every component of Azure takes it. */
export interface AzurePlace {
  /** Id of the subscription. */
  subscription: string;
  /** Id of the Entra tenant. */
  tenant: string;
  /** Region, such as `westeurope`. */
  location: string;
  resourceGroupName: pulumi.Input<string>;
  /** 3 to 12 lower-case letters and digits: names that are unique in all of Azure start with it. */
  prefix: string;
  /** On everything that takes tags: the provider has no default tags. */
  tags: Record<string, string>;
}

/** The place among the arguments of a component, without the others. */
export function placeOf(args: AzurePlace): AzurePlace {
  const { subscription, tenant, location, resourceGroupName, prefix, tags } = args;
  return { subscription, tenant, location, resourceGroupName, prefix, tags };
}

/** Inputs that nearly every resource of a place has. */
export function inPlace({
  location,
  resourceGroupName,
  tags,
}: AzurePlace): Pick<AzurePlace, "location" | "resourceGroupName" | "tags"> {
  return { location, resourceGroupName, tags };
}
