import { checkAzure } from "../../../operations/doctor/azure/check-azure.ts";
import { fakeAccount } from "./fake-account.ts";
import type { Planned } from "./planned.ts";

export const SUBSCRIPTION = "6b1f0e52-6f0c-4d5c-9a43-0a4f1c2d3e11";
export const TENANT = "2f6a3c44-3f2e-4f57-9c1a-5b8b0d9e7a22";
const pool = (
  vmSize: string,
  minCount: number,
  maxCount: number,
  more: object = {},
): Record<string, unknown> => ({
  vmSize,
  minCount,
  maxCount,
  enableEncryptionAtHost: true,
  availabilityZones: ["1", "2", "3"],
  ...more,
});
/** What the plan of a small foundation has. */
export const planned: Planned[] = [
  {
    type: "azure-native:containerservice:ManagedCluster",
    name: "cluster",
    inputs: {
      kubernetesVersion: "1.36",
      agentPoolProfiles: [{ name: "system", ...pool("Standard_D4ds_v5", 2, 4) }],
    },
  },
  { type: "azure-native:containerservice:AgentPool", name: "cpu", inputs: pool("Standard_D4ds_v5", 3, 10) },
  {
    type: "azure-native:containerservice:AgentPool",
    name: "training",
    inputs: pool("Standard_NC4as_T4_v3", 0, 4, {
      scaleSetPriority: "Spot",
      availabilityZones: ["1"],
      nodeLabels: { "slipway.dev/pool": "training", "slipway.dev/gpu-type": "nvidia-t4" },
    }),
  },
  { type: "azure-native:containerregistry:Registry", name: "registry", inputs: { registryName: "slipway" } },
  { type: "azure-native:storage:StorageAccount", name: "data", inputs: { accountName: "slipwaydata" } },
  {
    type: "azure-native:network:FlowLog",
    name: "flow-log",
    inputs: { networkWatcherName: "NetworkWatcher_germanywestcentral" },
  },
  { type: "azure-native:authorization:RoleAssignment", name: "grant", inputs: {} },
];
export const sku = (name: string, family: string, zones: string[], more: object = {}): object => ({
  name,
  family,
  capabilities: [{ name: "vCPUs", value: "4" }],
  locationInfo: [{ location: "germanywestcentral", zones }],
  restrictions: [],
  ...more,
});
export const usage = (value: string, limit: number): object => ({
  name: { value, localizedValue: value },
  currentValue: "0",
  limit: String(limit),
});
/** Resource providers that this plan needs. */
export const NEEDED = [
  ...["Compute", "ContainerRegistry", "ContainerService", "Network", "PolicyInsights", "Storage"],
].map((name) => `Microsoft.${name}`);
/** Answers of a subscription that has all that this plan needs. */
export const ANSWERS: Record<string, unknown> = {
  "account show": { id: SUBSCRIPTION, tenantId: TENANT, user: { name: "me@example.com" } },
  rest: { subscriptionId: SUBSCRIPTION, state: "Enabled" },
  "provider list": NEEDED.map((namespace) => ({ namespace, registrationState: "Registered" })),
  "network watcher list": [
    { name: "networkwatcher_germanywestcentral", location: "germanywestcentral" },
    { name: "NetworkWatcher_westeurope", location: "westeurope" },
  ],
  "feature show": { properties: { state: "Registered" } },
  "role assignment list": [{ roleDefinitionName: "Owner" }],
  "ad signed-in-user show": { id: "me" },
  "ad group member check": { value: true },
  "vm list-skus": [
    sku("Standard_D4ds_v5", "standardDDSv5Family", ["3", "1", "2"]),
    sku("Standard_NC4as_T4_v3", "Standard NCASv3_T4 Family", ["1"]),
  ],
  "vm list-usage": [usage("standardDDSv5Family", 100), usage("cores", 100), usage("lowPriorityCores", 100)],
  "acr check-name": { nameAvailable: true },
  "storage account check-name": { nameAvailable: true },
  "aks get-versions": {
    values: [
      { version: "1.36", isPreview: null },
      { version: "1.37", isPreview: true },
    ],
  },
};

/** Runs the checks against this subscription. */
export const run = fakeAccount({ answers: ANSWERS, planned }, (cli, needs) =>
  checkAzure(cli, {
    subscription: SUBSCRIPTION,
    tenant: TENANT,
    adminGroups: ["admins"],
    location: "germanywestcentral",
    ...needs,
  }),
);
