/** Parts of a stack that only some stacks have. */
export type OptionalPart = "azure-functions" | "azure-ml" | "database" | "dns" | "redis";

/** A resource provider that must be registered in the subscription. The Pulumi provider registers none by itself. */
export interface ResourceProvider {
  /** Modules of `@pulumi/azure-native` whose resources need it. */
  modules: readonly string[];
  /** Parts of a stack that need it. @default - every stack */
  onlyFor?: readonly OptionalPart[];
  /** Features that must be registered, with the config that avoids them. @default - none */
  features?: Readonly<Record<string, string>>;
}

/** Resource providers by namespace. @see https://learn.microsoft.com/azure/azure-resource-manager/management/azure-services-resource-providers */
export const RESOURCE_PROVIDERS: Readonly<Record<string, ResourceProvider>> = {
  "Microsoft.Authorization": { modules: ["authorization"] },
  "Microsoft.Cache": { modules: ["redisenterprise"], onlyFor: ["redis"] },
  "Microsoft.Compute": {
    modules: ["compute"],
    features: { EncryptionAtHost: "cluster.encryptionAtHost: false" },
  },
  "Microsoft.Consumption": { modules: ["consumption"] },
  "Microsoft.ContainerRegistry": { modules: ["containerregistry"] },
  "Microsoft.ContainerService": { modules: ["containerservice"] },
  "Microsoft.DBforPostgreSQL": { modules: ["dbforpostgresql"], onlyFor: ["database"] },
  "Microsoft.Insights": { modules: ["monitor"] },
  "Microsoft.KeyVault": { modules: ["keyvault"] },
  "Microsoft.MachineLearningServices": { modules: ["machinelearningservices"], onlyFor: ["azure-ml"] },
  "Microsoft.ManagedIdentity": { modules: ["managedidentity"] },
  "Microsoft.Network": { modules: ["dns", "network", "privatedns"] },
  "Microsoft.OperationalInsights": { modules: ["operationalinsights"] },
  "Microsoft.PolicyInsights": { modules: [] }, // the policy add-on of AKS
  "Microsoft.Resources": { modules: ["resources"] },
  "Microsoft.Storage": { modules: ["storage"] },
  "Microsoft.Web": { modules: ["web"], onlyFor: ["azure-functions"] },
};

/** Returns the namespaces that a stack with the given optional parts needs. */
export function neededProviders(parts: readonly OptionalPart[]): string[] {
  return Object.entries(RESOURCE_PROVIDERS)
    .filter(([, { onlyFor }]) => onlyFor === undefined || onlyFor.some((part) => parts.includes(part)))
    .map(([namespace]) => namespace);
}

/** Roles that the deployer needs on the subscription. Owner contains both. @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
export const DEPLOYER_ROLES = ["Contributor", "Role Based Access Control Administrator"] as const;
