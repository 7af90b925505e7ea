import type * as pulumi from "@pulumi/pulumi";

/** Where resources of Azure go: what nearly every component of Azure is told. */
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

/** What nearly every resource of a place is given. */
export function inPlace({
  location,
  resourceGroupName,
  tags,
}: AzurePlace): Pick<AzurePlace, "location" | "resourceGroupName" | "tags"> {
  return { location, resourceGroupName, tags };
}
