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
    allowSharedKeyAccess: false,
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

function securityGroup(name: string): Planned[] {
  const allow = { name: "in", access: "Allow", direction: "Inbound", sourceAddressPrefix: "10.0.0.0/8" };
  const inputs = { ...PLACE, securityRules: [allow] };
  return [{ name, type: "azure-native:network:NetworkSecurityGroup", inputs }];
}

function database(name: string): Planned[] {
  const inputs = { ...PLACE, network: { publicNetworkAccess: "Disabled" } };
  return [{ name, type: "azure-native:dbforpostgresql:Server", inputs, protect: true }];
}

function vault(name: string): Planned[] {
  const properties = { tenantId: "1", enablePurgeProtection: true, publicNetworkAccess: "Disabled" };
  return [{ name, type: "azure-native:keyvault:Vault", inputs: { ...PLACE, properties }, protect: true }];
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
    policy: "azure-nsg-not-open",
    good: securityGroup,
    set: {
      securityRules: [{ name: "in", access: "Allow", direction: "Inbound", sourceAddressPrefix: "Internet" }],
    },
  },
  {
    policy: "azure-postgresql-private",
    good: database,
    set: { "network.publicNetworkAccess": "Enabled" },
    reads: ["network"],
  },
  {
    policy: "azure-key-vault-purge-protection",
    good: vault,
    set: { "properties.enablePurgeProtection": undefined },
  },
  {
    policy: "azure-key-vault-private",
    good: vault,
    set: { "properties.publicNetworkAccess": "Enabled" },
    reads: ["properties"],
  },
  { policy: "azure-storage-no-shared-keys", good: storage, set: { allowSharedKeyAccess: undefined } },
  {
    policy: "platform-workload-identity-azure",
    good: identity,
    set: { subject: "system:serviceaccount:production:*" },
  },
];
