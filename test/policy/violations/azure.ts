import type { Planned, Violation } from "./planned.ts";

const PLACE = {
  location: "westeurope",
  resourceGroupName: "ml",
  tags: { owner: "ml", environment: "test" },
};

function cluster(name: string): Planned[] {
  const inputs = {
    ...PLACE,
    resourceName: name,
    kubernetesVersion: "1.99",
    enableRBAC: true,
    disableLocalAccounts: true,
    apiServerAccessProfile: { enablePrivateCluster: true },
    networkProfile: { networkPolicy: "cilium" },
  };
  return [{ name, type: "azure-native:containerservice:ManagedCluster", inputs, protect: true }];
}

function registry(name: string): Planned[] {
  const inputs = {
    ...PLACE,
    sku: { name: "Premium" },
    adminUserEnabled: false,
    publicNetworkAccess: "Disabled",
  };
  return [{ name, type: "azure-native:containerregistry/v20231101preview:Registry", inputs }];
}

function storage(name: string): Planned[] {
  const inputs = {
    ...PLACE,
    enableHttpsTrafficOnly: true,
    allowBlobPublicAccess: false,
    networkRuleSet: { defaultAction: "Deny" },
  };
  return [{ name, type: "azure-native:storage:StorageAccount", inputs, protect: true }];
}

function container(name: string): Planned[] {
  const inputs = { accountName: "artifacts", resourceGroupName: "ml", publicAccess: "None" };
  return [{ name, type: "azure-native:storage:BlobContainer", inputs }];
}

function identity(name: string): Planned[] {
  const inputs = {
    resourceGroupName: "ml",
    resourceName: "pushback",
    issuer: "https://westeurope.oic.prod-aks.azure.com/1/2/",
    subject: "system:serviceaccount:production:pushback",
    audiences: ["api://AzureADTokenExchange"],
  };
  return [{ name, type: "azure-native:managedidentity:FederatedIdentityCredential", inputs }];
}

/** One for each policy of Azure, and that of the platform that it shows. */
export const azureViolations: Violation[] = [
  { policy: "azure-aks-rbac", good: cluster, set: { enableRBAC: false } },
  {
    policy: "azure-aks-api-server-ranges",
    good: cluster,
    set: { apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.0/24", "0.0.0.0/0"] } },
  },
  { policy: "azure-aks-network-policy", good: cluster, set: { "networkProfile.networkPolicy": undefined } },
  {
    policy: "azure-aks-private",
    good: cluster,
    set: { apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.0/24"] } },
    config: { allowAuthorizedRanges: false },
  },
  { policy: "azure-aks-no-local-accounts", good: cluster, set: { disableLocalAccounts: undefined } },
  { policy: "azure-acr-no-admin", good: registry, set: { adminUserEnabled: true } },
  { policy: "azure-acr-private", good: registry, set: { publicNetworkAccess: "Enabled" } },
  { policy: "azure-storage-https", good: storage, set: { enableHttpsTrafficOnly: false } },
  { policy: "azure-storage-private-containers", good: container, set: { publicAccess: "Blob" } },
  { policy: "azure-storage-default-deny", good: storage, set: { "networkRuleSet.defaultAction": "Allow" } },
  {
    policy: "platform-workload-identity-azure",
    good: identity,
    set: { subject: "system:serviceaccount:production:*" },
  },
];
