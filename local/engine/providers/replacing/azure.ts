import type { ReplacingGroup } from "./replacing-group.ts";

/**
 * Location and name of an Azure resource: the parts of its path, which cannot change.
 * @see https://github.com/pulumi/pulumi-azure-native/blob/master/provider/pkg/gen/params.go
 */
export const AZURE_ALWAYS = [
  "location subscriptionId resourceGroupName scope resourceUri name",
  "accountName agentPoolName autoscaleSettingName blobServicesName budgetName cacheRuleName clusterName containerName databaseName deploymentName",
  "associationName dataCollectionRuleName diskEncryptionSetName diskName endpointName federatedIdentityCredentialResourceName flowLogName keyName managementPolicyName natGatewayName",
  "networkSecurityGroupName networkWatcherName privateDnsZoneGroupName privateEndpointName privateZoneName",
  "publicIpAddressName registryName resourceName roleAssignmentName secretName serverName subnetName vaultName",
  "virtualNetworkLinkName virtualNetworkName workspaceName",
].join(" ");

const NETWORK_PROFILE = [
  ...["serviceCidr", "serviceCidrs", "dnsServiceIP", "networkMode", "networkPlugin", "networkPluginMode"],
  ...["podCidr", "networkDataplane", "networkPolicy", "outboundType"],
]
  .map((field) => `networkProfile.${field}`)
  .join(" ");

/** Properties in addition to AZURE_ALWAYS. */
export const AZURE_REPLACING: readonly ReplacingGroup[] = [
  {
    source:
      "forceNewMap in pulumi/pulumi-azure-native, provider/pkg/gen/replacement.go, read in November 2026",
    properties: {
      "azure-native:authorization:RoleAssignment": "principalId",
      "azure-native:containerservice:AgentPool": "vmSize gpuInstanceProfile networkProfile.nodePublicIPTags",
      "azure-native:containerservice:ManagedCluster": `diskEncryptionSetID dnsPrefix fqdnSubdomain linuxProfile nodeResourceGroup windowsProfile ${NETWORK_PROFILE}`,
      "azure-native:network:PrivateEndpoint": "subnet",
      "azure-native:network:PublicIPAddress": "publicIPAddressVersion publicIPPrefix sku",
      "azure-native:network:VirtualNetwork": "",
      "azure-native:resources:ResourceGroup": "",
      "azure-native:storage:BlobContainer": "",
      "azure-native:storage:StorageAccount": "isHnsEnabled",
    },
  },
  {
    source:
      "x-ms-mutability without update in Azure/azure-rest-api-specs, specification/redisenterprise, 2024-10-01, read in November 2026",
    properties: {
      "azure-native:redisenterprise:Database": "port clusteringPolicy modules geoReplication",
    },
  },
  {
    source: "not named by forceNewMap; whether x-ms-mutability says more was not read",
    properties: {
      "azure-native:machinelearningservices:EnvironmentVersion": "",
      "azure-native:machinelearningservices:OnlineDeployment": "",
      "azure-native:machinelearningservices:OnlineEndpoint": "",
      "azure-native:machinelearningservices:Workspace": "",
      "azure-native:monitor:AutoscaleSetting": "",
      "azure-native:web:AppServicePlan": "",
      "azure-native:web:WebApp": "",
      "azure-native:web:WebAppFtpAllowed": "",
      "azure-native:web:WebAppScmAllowed": "",
      "azure-native:consumption:Budget": "",
      "azure-native:containerregistry:CacheRule": "",
      "azure-native:containerregistry:Registry": "",
      "azure-native:keyvault:Key": "",
      "azure-native:keyvault:Secret": "",
      "azure-native:keyvault:Vault": "",
      "azure-native:managedidentity:FederatedIdentityCredential": "",
      "azure-native:managedidentity:UserAssignedIdentity": "",
      "azure-native:monitor:DataCollectionRule": "",
      "azure-native:monitor:DataCollectionRuleAssociation": "",
      "azure-native:monitor:DiagnosticSetting": "",
      "azure-native:compute:DiskEncryptionSet": "",
      "azure-native:network:Subnet": "",
      "azure-native:network:FlowLog": "",
      "azure-native:network:NatGateway": "",
      "azure-native:network:NetworkSecurityGroup": "",
      "azure-native:network:PrivateDnsZoneGroup": "",
      "azure-native:operationalinsights:Workspace": "",
      "azure-native:privatedns:PrivateZone": "",
      "azure-native:privatedns:VirtualNetworkLink": "",
      "azure-native:redisenterprise:RedisEnterprise": "",
      "azure-native:resources:Deployment": "",
      "azure-native:storage:BlobServiceProperties": "",
      "azure-native:storage:ManagementPolicy": "",
    },
  },
];
