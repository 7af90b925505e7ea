import { parsePath, pathsTouch } from "../values/property-path.ts";

/**
 * Properties that a cloud cannot change in place, for the types that hold data or that others hang on; a change of them
 * replaces the resource. A plan of a type that is not here may call an update what a cloud will replace.
 *
 * Most of those of aws and gcp were written from memory of what their providers do: every property exists in the SDK, and
 * few are confirmed by its documentation. The schemas of the providers have the last word.
 */
const REPLACING: Readonly<Record<string, string>> = {
  "aws:autoscaling/tag:Tag": "autoscalingGroupName tag.key",
  "aws:cloudwatch/logGroup:LogGroup": "name namePrefix logGroupClass",
  "aws:dynamodb/table:Table": "name hashKey rangeKey localSecondaryIndexes importTable",
  "aws:ebs/volume:Volume": "availabilityZone encrypted kmsKeyId snapshotId outpostArn multiAttachEnabled",
  "aws:ec2/eip:Eip": "domain networkBorderGroup publicIpv4Pool",
  "aws:ec2/flowLog:FlowLog":
    "vpcId subnetId logDestination logDestinationType iamRoleArn trafficType logFormat",
  "aws:ec2/launchTemplate:LaunchTemplate": "name namePrefix",
  "aws:ec2/natGateway:NatGateway": "subnetId allocationId connectivityType privateIp",
  "aws:ec2/routeTable:RouteTable": "vpcId",
  "aws:ec2/routeTableAssociation:RouteTableAssociation": "subnetId gatewayId",
  "aws:ec2/securityGroup:SecurityGroup": "name namePrefix description vpcId",
  "aws:ec2/subnet:Subnet": "vpcId cidrBlock availabilityZone availabilityZoneId ipv6Native outpostArn",
  "aws:ec2/vpc:Vpc": "cidrBlock ipv4IpamPoolId ipv4NetmaskLength",
  "aws:ec2/vpcEndpoint:VpcEndpoint": "vpcId serviceName vpcEndpointType",
  "aws:ecr/repository:Repository": "name encryptionConfigurations",
  "aws:efs/fileSystem:FileSystem": "creationToken encrypted kmsKeyId performanceMode availabilityZoneName",
  "aws:eks/accessEntry:AccessEntry": "clusterName principalArn type",
  "aws:eks/addon:Addon": "clusterName addonName",
  "aws:eks/cluster:Cluster":
    "name roleArn encryptionConfig bootstrapSelfManagedAddons outpostConfig kubernetesNetworkConfig.serviceIpv4Cidr kubernetesNetworkConfig.ipFamily accessConfig.bootstrapClusterCreatorAdminPermissions",
  "aws:eks/nodeGroup:NodeGroup":
    "clusterName nodeGroupName nodeGroupNamePrefix nodeRoleArn subnetIds amiType capacityType diskSize instanceTypes remoteAccess launchTemplate.id launchTemplate.name",
  "aws:elasticache/cluster:Cluster":
    "clusterId engine port replicationGroupId snapshotArns snapshotName subnetGroupName transitEncryptionEnabled",
  "aws:elasticache/replicationGroup:ReplicationGroup":
    "replicationGroupId atRestEncryptionEnabled kmsKeyId port subnetGroupName snapshotArns snapshotName globalReplicationGroupId dataTieringEnabled",
  "aws:elasticache/subnetGroup:SubnetGroup": "name",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "url",
  "aws:iam/role:Role": "name namePrefix path",
  "aws:iam/rolePolicy:RolePolicy": "name namePrefix role",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "role policyArn",
  "aws:kms/key:Key": "keyUsage customerMasterKeySpec multiRegion customKeyStoreId xksKeyId",
  "aws:lambda/function:Function": "name packageType",
  "aws:rds/cluster:Cluster":
    "clusterIdentifier availabilityZones databaseName dbSubnetGroupName engine engineMode kmsKeyId masterUsername snapshotIdentifier sourceRegion storageEncrypted",
  "aws:rds/instance:Instance":
    "availabilityZone characterSetName customIamInstanceProfile dbName engine kmsKeyId ncharCharacterSetName snapshotIdentifier storageEncrypted timezone username",
  "aws:rds/subnetGroup:SubnetGroup": "name namePrefix",
  "aws:route53/zone:Zone": "name delegationSetId",
  "aws:s3/bucket:Bucket": "bucket bucketPrefix objectLockEnabled",
  "aws:s3/bucketV2:BucketV2": "bucket bucketPrefix objectLockEnabled",
  "aws:sagemaker/endpoint:Endpoint": "name",
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration":
    "name namePrefix productionVariants shadowProductionVariants dataCaptureConfig kmsKeyArn asyncInferenceConfig",
  "aws:sagemaker/model:Model":
    "name executionRoleArn primaryContainer containers vpcConfig enableNetworkIsolation",
  "aws:secretsmanager/secret:Secret": "name namePrefix",

  "gcp:artifactregistry/repository:Repository": "repositoryId location format mode kmsKeyName project",
  "gcp:bigquery/dataset:Dataset": "datasetId location project",
  "gcp:bigquery/table:Table": "datasetId tableId project",
  "gcp:certificatemanager/certificate:Certificate": "name location scope project",
  "gcp:compute/disk:Disk": "name zone type image snapshot project diskEncryptionKey",
  "gcp:compute/globalAddress:GlobalAddress": "name address addressType network prefixLength purpose project",
  "gcp:compute/network:Network": "name autoCreateSubnetworks project",
  "gcp:compute/router:Router": "name network region project",
  "gcp:compute/subnetwork:Subnetwork": "name network region purpose project",
  "gcp:container/cluster:Cluster":
    "name location project network subnetwork networkingMode clusterIpv4Cidr datapathProvider defaultMaxPodsPerNode enableAutopilot enableKubernetesAlpha enableTpu initialNodeCount ipAllocationPolicy privateClusterConfig.masterIpv4CidrBlock privateClusterConfig.privateEndpointSubnetwork",
  "gcp:container/nodePool:NodePool":
    "cluster location project name namePrefix initialNodeCount maxPodsPerNode placementPolicy nodeConfig.guestAccelerators nodeConfig.serviceAccount nodeConfig.oauthScopes nodeConfig.spot nodeConfig.preemptible nodeConfig.shieldedInstanceConfig nodeConfig.bootDiskKmsKey nodeConfig.localSsdCount nodeConfig.minCpuPlatform nodeConfig.metadata nodeConfig.sandboxConfig nodeConfig.ephemeralStorageLocalSsdConfig",
  "gcp:dns/managedZone:ManagedZone": "name dnsName visibility project",
  "gcp:filestore/instance:Instance": "name location tier networks kmsKeyName project",
  "gcp:kms/cryptoKey:CryptoKey":
    "name keyRing purpose destroyScheduledDuration importOnly skipInitialVersionCreation",
  "gcp:kms/keyRing:KeyRing": "name location project",
  "gcp:redis/instance:Instance":
    "name region locationId alternativeLocationId authorizedNetwork connectMode customerManagedKey reservedIpRange tier transitEncryptionMode project",
  "gcp:secretmanager/secret:Secret": "secretId replication project",
  "gcp:secretmanager/secretVersion:SecretVersion": "secret secretData",
  "gcp:serviceaccount/account:Account": "accountId project",
  "gcp:sql/database:Database": "name instance project",
  "gcp:sql/databaseInstance:DatabaseInstance": "name region masterInstanceName encryptionKeyName project",
  "gcp:sql/user:User": "name instance host type project",
  "gcp:storage/bucket:Bucket":
    "name location project customPlacementConfig enableObjectRetention hierarchicalNamespace",

  // Azure, below what holds for all of its types.
  "azure-native:authorization:RoleAssignment": "principalId roleDefinitionId",
  "azure-native:containerregistry:Registry": "sku.name encryption",
  "azure-native:containerservice:AgentPool": "vmSize gpuInstanceProfile osType osDiskType vnetSubnetID",
  "azure-native:containerservice:ManagedCluster":
    "diskEncryptionSetID dnsPrefix fqdnSubdomain linuxProfile nodeResourceGroup windowsProfile networkProfile.serviceCidr networkProfile.podCidr networkProfile.dnsServiceIP networkProfile.networkPlugin networkProfile.networkPluginMode networkProfile.networkDataplane networkProfile.networkPolicy networkProfile.outboundType networkProfile.ipFamilies",
  "azure-native:keyvault:Vault": "properties.tenantId",
  "azure-native:network:PrivateEndpoint": "subnet",
  "azure-native:network:PublicIPAddress": "publicIPAddressVersion publicIPPrefix sku",
  "azure-native:storage:StorageAccount": "isHnsEnabled kind",
};

/**
 * Where an Azure resource is and what it is called, which nothing can change.
 * @see https://github.com/pulumi/pulumi-azure-native/blob/master/provider/pkg/gen/replacement.go
 */
const AZURE_IDENTITY =
  "location resourceGroupName subscriptionId accountName agentPoolName blobServicesName clusterName containerName databaseName keyName name registryName resourceName roleAssignmentName scope serverName vaultName virtualNetworkName workspaceName";

const parsed = new Map<string, ReturnType<typeof parsePath>[]>();

/** The paths among those that change whose change replaces a resource of this type. */
export function replacingPaths(type: string, changed: readonly string[]): string[] {
  const patterns = patternsOf(type.replace(/^(azure-native:\w+)\/v\w+:/, "$1:"));
  return changed.filter((path) => {
    const elements = parsePath(path);
    return patterns.some((pattern) => pathsTouch(pattern, elements));
  });
}

function patternsOf(type: string): ReturnType<typeof parsePath>[] {
  let patterns = parsed.get(type);
  if (!patterns) {
    const own = REPLACING[type] ?? "";
    const all = type.startsWith("azure-native:") ? `${AZURE_IDENTITY} ${own}` : own;
    patterns = all.split(" ").filter(Boolean).map(parsePath);
    parsed.set(type, patterns);
  }
  return patterns;
}
