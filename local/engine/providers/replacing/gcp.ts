import type { ReplacingGroup } from "./replacing-group.ts";

/** Settings of the nodes of a node pool, or of a cluster's default pool, that no update changes. */
const NODE_CONFIG = [
  ...["advancedMachineFeatures", "bootDiskKmsKey", "confidentialNodes", "enableConfidentialStorage"],
  ...["ephemeralStorageLocalSsdConfig", "guestAccelerators", "gvnic", "hostMaintenancePolicy"],
  ...["localNvmeSsdBlockConfig", "localSsdCount", "metadata", "minCpuPlatform", "nodeGroup", "oauthScopes"],
  ...["preemptible", "reservationAffinity", "secondaryBootDisks", "serviceAccount", "shieldedInstanceConfig"],
  ...["soleTenantConfig", "spot"],
]
  .map((field) => `nodeConfig.${field}`)
  .join(" ");

export const GCP_REPLACING: readonly ReplacingGroup[] = [
  {
    source:
      "immutable in GoogleCloudPlatform/magic-modules, mmv1/products/*/*.yaml, and ForceNew in hashicorp/terraform-provider-google, google/services/*/*.go, read in November 2026",
    properties: {
      "gcp:artifactregistry/repository:Repository":
        "repositoryId location format mode kmsKeyName mavenConfig.allowSnapshotOverwrites mavenConfig.versionPolicy remoteRepositoryConfig project",
      "gcp:compute/globalAddress:GlobalAddress":
        "name address addressType description ipVersion network prefixLength purpose project",
      "gcp:compute/network:Network":
        "name description autoCreateSubnetworks internalIpv6Range networkProfile params project",
      "gcp:compute/router:Router": "name network region encryptedInterconnectRouter project",
      "gcp:compute/routerNat:RouterNat": "name router region initialNatIps endpointTypes project",
      "gcp:compute/subnetwork:Subnetwork":
        "name description network region purpose reservedInternalRange externalIpv6Prefix ipCollection project",
      // Not read: what its clusterAutoscaling.autoProvisioningDefaults forces.
      "gcp:container/cluster:Cluster": `name location project description network subnetwork networkingMode clusterIpv4Cidr datapathProvider defaultMaxPodsPerNode enableAutopilot enableKubernetesAlpha enableTpu initialNodeCount confidentialNodes nodePools masterAuth.clientCertificateConfig ipAllocationPolicy.clusterIpv4CidrBlock ipAllocationPolicy.servicesIpv4CidrBlock ipAllocationPolicy.clusterSecondaryRangeName ipAllocationPolicy.servicesSecondaryRangeName ipAllocationPolicy.podCidrOverprovisionConfig privateClusterConfig.enablePrivateNodes privateClusterConfig.masterIpv4CidrBlock privateClusterConfig.privateEndpointSubnetwork userManagedKeysConfig.clusterCa userManagedKeysConfig.etcdApiCa userManagedKeysConfig.etcdPeerCa userManagedKeysConfig.aggregationCa ${NODE_CONFIG}`,
      "gcp:container/nodePool:NodePool": `cluster location project name namePrefix initialNodeCount maxPodsPerNode placementPolicy queuedProvisioning networkConfig.createPodRange networkConfig.podRange networkConfig.podIpv4CidrBlock networkConfig.additionalNodeNetworkConfigs networkConfig.additionalPodNetworkConfigs networkConfig.podCidrOverprovisionConfig networkConfig.subnetwork ${NODE_CONFIG}`,
      "gcp:kms/cryptoKey:CryptoKey":
        "name keyRing purpose destroyScheduledDuration importOnly skipInitialVersionCreation versionTemplate.protectionLevel",
      "gcp:redis/instance:Instance":
        "name region locationId alternativeLocationId authorizedNetwork connectMode customerManagedKey reservedIpRange tier transitEncryptionMode project",
      "gcp:secretmanager/secret:Secret": "secretId replication.userManaged.replicas[*].location project",
      "gcp:storage/bucket:Bucket":
        "name location project customPlacementConfig.dataLocations enableObjectRetention hierarchicalNamespace",
    },
  },
  {
    source: "JSDoc of @pulumi/gcp 9: changing this forces a new one to be created",
    properties: {
      "gcp:organizations/project:Project": "projectId orgId tags",
      "gcp:serviceaccount/account:Account": "accountId project",
    },
  },
  {
    source: "memory of the provider, as yet unconfirmed: its schemas have the last word",
    properties: {
      "gcp:cloudrunv2/service:Service": "name location project",
      "gcp:gkebackup/backupPlan:BackupPlan": "name location project cluster",
      "gcp:cloudrunv2/serviceIamMember:ServiceIamMember": "name location project role member condition",
      "gcp:pubsub/subscription:Subscription": "name topic filter enableMessageOrdering project",
      "gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember": "subscription project role member condition",
      "gcp:pubsub/topic:Topic": "name project",
      "gcp:pubsub/topicIAMMember:TopicIAMMember": "topic project role member condition",
      "gcp:secretmanager/secretIamMember:SecretIamMember": "secretId project role member condition",
      "gcp:vertex/aiEndpoint:AiEndpoint":
        "name location region network encryptionSpec dedicatedEndpointEnabled privateServiceConnectConfig project",
      "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember":
        "repository location project role member condition",
      "gcp:bigquery/dataset:Dataset": "datasetId location project",
      "gcp:bigquery/table:Table": "datasetId tableId project",
      "gcp:billing/budget:Budget": "billingAccount",
      "gcp:binaryauthorization/policy:Policy": "project",
      "gcp:certificatemanager/certificate:Certificate": "name location scope project",
      "gcp:compute/disk:Disk": "name zone type image snapshot project diskEncryptionKey",
      "gcp:dns/managedZone:ManagedZone": "name dnsName visibility project",
      "gcp:filestore/instance:Instance": "name location tier networks kmsKeyName project",
      "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": "cryptoKeyId role member condition",
      "gcp:kms/keyRing:KeyRing": "name location project",
      "gcp:monitoring/notificationChannel:NotificationChannel": "project",
      "gcp:projects/iAMMember:IAMMember": "project role member condition",
      "gcp:projects/service:Service": "service project",
      "gcp:projects/serviceIdentity:ServiceIdentity": "service project",
      "gcp:secretmanager/secretVersion:SecretVersion": "secret secretData",
      "gcp:serviceaccount/iAMMember:IAMMember": "serviceAccountId role member condition",
      "gcp:servicenetworking/connection:Connection": "network service",
      "gcp:sql/database:Database": "name instance project",
      "gcp:sql/databaseInstance:DatabaseInstance": "name region masterInstanceName encryptionKeyName project",
      "gcp:sql/user:User": "name instance host type project",
      "gcp:storage/bucketIAMMember:BucketIAMMember": "bucket role member condition",
    },
  },
];
