/** Types that cost nothing themselves. Traffic and requests are priced with the resources that carry them. */
const FREE = [
  // Not resources of a cloud
  /^pulumi:/,
  /^slipway:/,
  /^random:/,
  /^tls:/,
  /^command:/,
  /^docker(-build)?:/,
  // Kubernetes objects run on nodes, which are priced. Volumes and load balancers are excluded: they have a price.
  /^kubernetes:(?!core\/v1:(Service|PersistentVolumeClaim)$|gateway\.networking\.k8s\.io\/v1:Gateway$|apps\/v1:StatefulSet$|karpenter\.sh\/v1:NodePool$|helm\.sh\/|yaml)/,
  // AWS
  /^aws:iam\//,
  /^aws:vpc\//,
  /^aws:ec2\/(vpc|subnet|internetGateway|egressOnlyInternetGateway|routeTable|routeTableAssociation|route|securityGroup|securityGroupRule|defaultSecurityGroup|defaultNetworkAcl|networkAcl|launchTemplate|vpcDhcpOptions|vpcDhcpOptionsAssociation|vpcEndpointPolicy|vpcEndpointRouteTableAssociation|mainRouteTableAssociation|placementGroup):/,
  /^aws:eks\/(addon|accessEntry|accessPolicyAssociation|podIdentityAssociation|identityProviderConfig):/,
  /^aws:autoscaling\/(tag|lifecycleHook):/,
  /^aws:kms\/(alias|keyPolicy|grant):/,
  /^aws:ecr\/(repositoryPolicy|lifecyclePolicy|registryPolicy|registryScanningConfiguration|pullThroughCacheRule|repositoryCreationTemplate|accountSetting):/,
  /^aws:s3\/(bucketPolicy|bucketPublicAccessBlock|bucketVersioning|bucketOwnershipControls|bucketLifecycleConfiguration|bucketServerSideEncryptionConfiguration|bucketAcl|bucketLogging|bucketNotification)(V2)?:/,
  /^aws:elasticache\/(subnetGroup|parameterGroup|user|userGroup|userGroupAssociation):/,
  /^aws:rds\/(subnetGroup|parameterGroup|clusterParameterGroup|optionGroup):/,
  /^aws:secretsmanager\/(secretVersion|secretPolicy|secretRotation):/,
  /^aws:route53\/record:/,
  /^aws:acm\/(certificate|certificateValidation):/,
  /^aws:backup\/(plan|selection):/, // the vault stands for the backups
  /^aws:budgets\/budget:/, // without budget actions, which have a daily price
  /^aws:sns\/(topic|topicPolicy|topicSubscription):/,
  /^aws:cloudwatch\/(logResourcePolicy|eventRule|eventTarget|logStream):/,
  /^aws:lambda\/(permission|alias|functionUrl|functionEventInvokeConfig):/,
  /^aws:sagemaker\/(model|endpoint):/, // the endpoint configuration has the price of the instances
  /^aws:appautoscaling\//,
  /^aws:wafv2\/webAclAssociation:/,
  /^aws:lb\/(targetGroup|listener|listenerRule|targetGroupAttachment):/,
  // Google Cloud
  /^gcp:(projects|serviceaccount|serviceAccount|organizations|billing|servicenetworking|binaryauthorization|iam)\//,
  /^gcp:iap\/\w+IamMember:/,
  /^gcp:compute\/(network|router|firewall|route|instanceTemplate|networkEndpointGroup|regionNetworkEndpointGroup|serviceAttachment|sSLPolicy|projectMetadata|projectMetadataItem):/,
  /^gcp:kms\/(keyRing|cryptoKeyIAM\w+|keyRingIAM\w+):/,
  /^gcp:artifactregistry\/repositoryIam\w+:/,
  /^gcp:storage\/(bucketIAM\w+|bucketPolicy|bucketACL|defaultObjectACL):/,
  /^gcp:secretmanager\/(secretVersion|secretIam\w+|regionalSecretVersion|regionalSecretIam\w+):/,
  /^gcp:sql\/(database|user|sslCert):/,
  /^gcp:dns\/(recordSet|policy|dnsManagedZoneIam\w+):/,
  /^gcp:certificatemanager\/(certificate|certificateMap|certificateMapEntry|dnsAuthorization):/,
  /^gcp:cloudrunv2\/serviceIam\w+:/,
  /^gcp:cloudrun\/(iamMember|iamBinding|iamPolicy):/,
  /^gcp:cloudfunctionsv2\/functionIam\w+:/,
  /^gcp:vertex\/(aiModel|aiEndpointIam\w+):/,
  /^gcp:monitoring\/(notificationChannel|alertPolicy|dashboard):/,
  /^gcp:pubsub\/(topicIAM|subscriptionIAM)\w+:/,
  /^gcp:gkehub\//,
  /^gcp:gkebackup\/(restorePlan|backupPlanIam\w+|restorePlanIam\w+):/,
  /^gcp:networkconnectivity\/serviceConnectionPolicy:/,
  // Azure
  /^azure-native:(authorization|managedidentity|consumption|costmanagement|insights):/,
  /^azure-native:monitor:(?!DataCollectionRule$)/,
  /^azure-native:resources:(ResourceGroup|TagAtScope)$/,
  /^azure-native:network:(VirtualNetwork|Subnet|NetworkSecurityGroup|SecurityRule|RouteTable|Route|NetworkInterface|PrivateDnsZoneGroup|VirtualNetworkLink|PrivateRecordSet|RecordSet|ApplicationSecurityGroup|PublicIPPrefix|VirtualNetworkPeering)$/,
  /^azure-native:privatedns:(VirtualNetworkLink|PrivateRecordSet)$/,
  /^azure-native:dns:RecordSet$/,
  /^azure-native:keyvault:(Vault|AccessPolicy|Secret)$/,
  /^azure-native:storage:(BlobContainer|BlobServiceProperties|ManagementPolicy|EncryptionScope|FileServiceProperties)$/,
  /^azure-native:containerregistry:(ScopeMap|Token|CacheRule|CredentialSet|ExportPipeline)$/,
  /^azure-native:containerservice:(MaintenanceConfiguration|TrustedAccessRoleBinding|Snapshot)$/,
  /^azure-native:redis:(AccessPolicyAssignment|AccessPolicy|FirewallRule|PatchSchedule)$/,
  /^azure-native:redisenterprise:(Database|AccessPolicyAssignment)$/,
  /^azure-native:dbforpostgresql:(Database|Configuration|FirewallRule|Administrator|AdministratorsMicrosoftEntra|MicrosoftEntraAdministrator|VirtualEndpoint)$/,
  /^azure-native:machinelearningservices:(Workspace|OnlineEndpoint|ModelVersion|ModelContainer|EnvironmentVersion|EnvironmentContainer)$/,
  /^azure-native:web:WebApp(Ftp|Scm)Allowed$/,
  /^azure-native:compute:DiskEncryptionSet$/,
] as const;

/** Whether resources of a type cost nothing themselves. */
export function isFree(type: string): boolean {
  return FREE.some((pattern) => pattern.test(type));
}
