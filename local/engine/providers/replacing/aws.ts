import type { ReplacingGroup } from "./replacing-group.ts";

/**
 * Applies to every type of AWS: the provider runs `forceNewIfRegionChanges` for each.
 * @see https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/provider/sdkv2
 */
export const AWS_ALWAYS = "region";

export const AWS_REPLACING: readonly ReplacingGroup[] = [
  {
    source: "ForceNew in hashicorp/terraform-provider-aws, internal/service/*/*.go, read in November 2026",
    properties: {
      "aws:appautoscaling/target:Target": "resourceId scalableDimension serviceNamespace",
      "aws:lambda/permission:Permission":
        "action eventSourceToken function functionUrlAuthType invokedViaFunctionUrl principal principalOrgId qualifier sourceAccount sourceArn statementId statementIdPrefix",
      "aws:cloudwatch/logGroup:LogGroup": "name namePrefix logGroupClass",
      "aws:ec2/flowLog:FlowLog":
        "vpcId subnetId eniId transitGatewayId transitGatewayAttachmentId regionalNatGatewayId logDestination logDestinationType logFormat iamRoleArn deliverCrossAccountRole trafficType maxAggregationInterval destinationOptions",
      "aws:ec2/subnet:Subnet":
        "vpcId cidrBlock availabilityZone availabilityZoneId ipv4IpamPoolId ipv4NetmaskLength ipv6IpamPoolId ipv6NetmaskLength ipv6Native outpostArn",
      "aws:ec2/vpcEndpoint:VpcEndpoint":
        "vpcId serviceName serviceNetworkArn serviceRegion resourceConfigurationArn vpcEndpointType dnsOptions.privateDnsPreference dnsOptions.privateDnsSpecifiedDomains",
      "aws:ecr/pullThroughCacheRule:PullThroughCacheRule":
        "ecrRepositoryPrefix upstreamRegistryUrl upstreamRepositoryPrefix",
      "aws:ecr/repository:Repository": "name encryptionConfigurations",
      "aws:eks/addon:Addon": "clusterName addonName",
      "aws:eks/cluster:Cluster":
        "name roleArn bootstrapSelfManagedAddons remoteNetworkConfig outpostConfig.controlPlaneInstanceType outpostConfig.controlPlanePlacement kubernetesNetworkConfig.serviceIpv4Cidr kubernetesNetworkConfig.ipFamily accessConfig.bootstrapClusterCreatorAdminPermissions",
      "aws:eks/nodeGroup:NodeGroup":
        "clusterName nodeGroupName nodeGroupNamePrefix nodeRoleArn subnetIds amiType capacityType diskSize instanceTypes remoteAccess launchTemplate.id launchTemplate.name",
      "aws:elasticache/replicationGroup:ReplicationGroup":
        "replicationGroupId atRestEncryptionEnabled kmsKeyId port subnetGroupName securityGroupNames networkType nodeGroupConfigurations snapshotArns snapshotName globalReplicationGroupId dataTieringEnabled",
      "aws:kms/key:Key": "keyUsage customerMasterKeySpec multiRegion customKeyStoreId xksKeyId",
      "aws:s3/bucket:Bucket": "bucket bucketPrefix objectLockEnabled",
      "aws:secretsmanager/secret:Secret": "name namePrefix",
    },
  },
  {
    source: "memory of the provider, as yet unconfirmed: its schemas have the last word",
    properties: {
      "aws:appautoscaling/policy:Policy": "name resourceId scalableDimension serviceNamespace",
      "aws:cloudwatch/metricAlarm:MetricAlarm": "name",
      "aws:lambda/alias:Alias": "functionName name",
      "aws:lambda/functionUrl:FunctionUrl": "functionName qualifier",
      "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": "functionName qualifier",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "securityGroupId",
      "aws:lb/listener:Listener": "loadBalancerArn",
      "aws:lb/listenerRule:ListenerRule": "listenerArn",
      "aws:lb/loadBalancer:LoadBalancer": "name namePrefix internal loadBalancerType customerOwnedIpv4Pool",
      "aws:lb/targetGroup:TargetGroup":
        "name namePrefix port protocol protocolVersion targetType vpcId ipAddressType",
      "aws:wafv2/webAcl:WebAcl": "name namePrefix scope",
      "aws:wafv2/webAclAssociation:WebAclAssociation": "resourceArn webAclArn",
      "aws:autoscaling/tag:Tag": "autoscalingGroupName tag.key",
      "aws:backup/plan:Plan": "name",
      "aws:backup/selection:Selection":
        "name planId iamRoleArn resources notResources conditions selectionTags",
      "aws:backup/vault:Vault": "name kmsKeyArn",
      "aws:ecr/replicationConfiguration:ReplicationConfiguration": "",
      "aws:budgets/budget:Budget": "accountId name namePrefix",
      "aws:dynamodb/table:Table": "name hashKey rangeKey localSecondaryIndexes importTable",
      "aws:ebs/volume:Volume": "availabilityZone encrypted kmsKeyId snapshotId outpostArn multiAttachEnabled",
      "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "vpcId",
      "aws:ec2/eip:Eip": "address customerOwnedIpv4Pool domain ipamPoolId networkBorderGroup publicIpv4Pool",
      "aws:ec2/internetGateway:InternetGateway": "",
      "aws:ec2/launchTemplate:LaunchTemplate": "name namePrefix",
      "aws:ec2/natGateway:NatGateway":
        "subnetId vpcId allocationId availabilityMode connectivityType privateIp",
      "aws:ec2/route:Route":
        "routeTableId destinationCidrBlock destinationIpv6CidrBlock destinationPrefixListId",
      "aws:ec2/routeTable:RouteTable": "vpcId",
      "aws:ec2/routeTableAssociation:RouteTableAssociation": "subnetId gatewayId",
      "aws:ec2/securityGroup:SecurityGroup": "name namePrefix description vpcId",
      "aws:ec2/vpc:Vpc": "cidrBlock ipv4IpamPoolId ipv4NetmaskLength",
      "aws:ecr/lifecyclePolicy:LifecyclePolicy": "repository policy",
      "aws:efs/fileSystem:FileSystem":
        "creationToken encrypted kmsKeyId performanceMode availabilityZoneName",
      "aws:eks/accessEntry:AccessEntry": "clusterName principalArn type",
      "aws:elasticache/cluster:Cluster":
        "clusterId engine port replicationGroupId snapshotArns snapshotName subnetGroupName transitEncryptionEnabled",
      "aws:elasticache/parameterGroup:ParameterGroup": "name family description",
      "aws:elasticache/subnetGroup:SubnetGroup": "name",
      "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "url",
      "aws:iam/role:Role": "name namePrefix path",
      "aws:iam/rolePolicy:RolePolicy": "name namePrefix role",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "role policyArn",
      "aws:lambda/function:Function": "name packageType",
      "aws:rds/cluster:Cluster":
        "clusterIdentifier availabilityZones databaseName dbSubnetGroupName engine engineMode kmsKeyId masterUsername snapshotIdentifier sourceRegion storageEncrypted",
      "aws:rds/instance:Instance":
        "availabilityZone characterSetName customIamInstanceProfile dbName engine kmsKeyId ncharCharacterSetName snapshotIdentifier storageEncrypted timezone username",
      "aws:rds/subnetGroup:SubnetGroup": "name namePrefix",
      "aws:route53/zone:Zone": "name delegationSetId",
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": "bucket expectedBucketOwner",
      "aws:s3/bucketLogging:BucketLogging": "bucket expectedBucketOwner",
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls": "bucket",
      "aws:s3/bucketPolicy:BucketPolicy": "bucket",
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "bucket",
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
        "bucket expectedBucketOwner",
      "aws:s3/bucketV2:BucketV2": "bucket bucketPrefix objectLockEnabled",
      "aws:s3/bucketVersioning:BucketVersioning": "bucket expectedBucketOwner",
      "aws:sagemaker/endpoint:Endpoint": "name",
      "aws:sagemaker/endpointConfiguration:EndpointConfiguration":
        "name namePrefix productionVariants shadowProductionVariants dataCaptureConfig kmsKeyArn asyncInferenceConfig",
      "aws:sagemaker/model:Model":
        "name executionRoleArn primaryContainer containers vpcConfig enableNetworkIsolation",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "securityGroupId",
    },
  },
];
