import { describe, expect, it } from "vitest";
import { planOnlyProvider } from "../../../../local/engine/providers/plan-only.ts";
import type { ProviderContext } from "../../../../local/engine/provider.ts";
import type { PropertyMap } from "../../../../local/engine/values/property-value.ts";
import { UNKNOWN } from "../../../../local/engine/values/property-value.ts";
import { replacingPaths } from "../../../../local/engine/providers/replacing-properties.ts";

describe("what clouds replace", () => {
  it.each([
    ["aws:s3/bucket:Bucket", "bucket", true],
    ["aws:s3/bucket:Bucket", "tags.team", false],
    ["aws:eks/cluster:Cluster", "version", false],
    ["aws:eks/cluster:Cluster", "kubernetesNetworkConfig.serviceIpv4Cidr", true],
    ["aws:eks/nodeGroup:NodeGroup", "instanceTypes[0]", true],
    ["aws:eks/nodeGroup:NodeGroup", "scalingConfig.maxSize", false],
    ["aws:rds/instance:Instance", "storageEncrypted", true],
    ["aws:rds/instance:Instance", "instanceClass", false],
    ["aws:elasticache/replicationGroup:ReplicationGroup", "nodeType", false],
    ["gcp:storage/bucket:Bucket", "location", true],
    ["gcp:container/nodePool:NodePool", "nodeConfig.spot", true],
    ["gcp:container/nodePool:NodePool", "autoscaling.maxNodeCount", false],
    ["gcp:sql/databaseInstance:DatabaseInstance", "settings.tier", false],
    ["gcp:container/cluster:Cluster", "privateClusterConfig.enablePrivateNodes", true],
    ["gcp:container/cluster:Cluster", "ipAllocationPolicy.stackType", false],
    ["gcp:kms/cryptoKey:CryptoKey", "versionTemplate.protectionLevel", true],
    ["gcp:secretmanager/secret:Secret", "replication.userManaged.replicas[0].location", true],
    ["gcp:secretmanager/secret:Secret", "replication.auto.customerManagedEncryption.kmsKeyName", false],
    ["aws:elasticache/replicationGroup:ReplicationGroup", "networkType", true],
    ["aws:sqs/queue:Queue", "region", true],
    ["azure-native:redisenterprise:Database", "clusteringPolicy", true],
    ["azure-native:keyvault:Secret", "secretName", true],
    ["azure-native:containerregistry:Registry", "sku.name", false],
    ["azure-native:storage:StorageAccount", "location", true],
    ["azure-native:storage/v20240101:StorageAccount", "accountName", true],
    ["azure-native:storage:StorageAccount", "sku.name", false],
    ["azure-native:containerservice:ManagedCluster", "networkProfile.serviceCidr", true],
    ["azure-native:containerservice:ManagedCluster", "kubernetesVersion", false],
    ["azure-native:containerservice:AgentPool", "vmSize", true],
    ["kubernetes:core/v1:ConfigMap", "metadata.name", false],
  ])("%s: a change of %s replaces: %s", (type, path, replaces) => {
    expect(replacingPaths(type, [path])).toEqual(replaces ? [path] : []);
  });
});

describe("planOnlyProvider", () => {
  const context = { type: "aws:s3/bucket:Bucket" } as ProviderContext;
  const diff = (olds: PropertyMap, news: PropertyMap) =>
    planOnlyProvider("aws").diff(context, "", olds, olds, news, { ignoreChanges: [], preview: true });

  it("tells a replacement from an update, path by path", async () => {
    expect(await diff({ bucket: "a", tags: { x: "1" } }, { bucket: "b", tags: { x: "2" } })).toEqual({
      changes: true,
      replaces: ["bucket"],
      deleteBeforeReplace: false,
      detailedDiff: {
        bucket: { kind: "update-replace", inputDiff: true },
        "tags.x": { kind: "update", inputDiff: true },
      },
    });
  });

  it.each([
    ["aws:eks/cluster:Cluster", { encryptionConfig: { resources: ["secrets"] } }, {}, true],
    ["aws:eks/cluster:Cluster", {}, { encryptionConfig: { resources: ["secrets"] } }, false],
    [
      "aws:eks/cluster:Cluster",
      { computeConfig: { nodeRoleArn: "a" } },
      { computeConfig: { nodeRoleArn: "b" } },
      true,
    ],
    ["aws:eks/cluster:Cluster", { computeConfig: {} }, { computeConfig: { nodeRoleArn: "b" } }, false],
    [
      "aws:elasticache/replicationGroup:ReplicationGroup",
      { engineVersion: "7.2" },
      { engineVersion: "8.0" },
      false,
    ],
    [
      "aws:elasticache/replicationGroup:ReplicationGroup",
      { engineVersion: "7.2" },
      { engineVersion: "7.1" },
      true,
    ],
    ["aws:elasticache/replicationGroup:ReplicationGroup", { engine: "redis" }, { engine: "valkey" }, false],
    ["aws:elasticache/replicationGroup:ReplicationGroup", { engine: "valkey" }, { engine: "redis" }, true],
    [
      "aws:elasticache/replicationGroup:ReplicationGroup",
      { engineVersion: "6.2" },
      { engineVersion: "6.2", transitEncryptionEnabled: true },
      true,
    ],
    [
      "aws:elasticache/replicationGroup:ReplicationGroup",
      { engineVersion: "7.1" },
      { engineVersion: "7.1", transitEncryptionEnabled: true },
      false,
    ],
    ["aws:ec2/subnet:Subnet", { ipv6CidrBlock: "a" }, { ipv6CidrBlock: "b" }, false],
    [
      "aws:ec2/subnet:Subnet",
      { ipv6CidrBlock: "a", assignIpv6AddressOnCreation: true },
      { ipv6CidrBlock: "b", assignIpv6AddressOnCreation: true },
      true,
    ],
    ["aws:ec2/vpc:Vpc", { instanceTenancy: "dedicated" }, { instanceTenancy: "default" }, false],
    ["aws:ec2/vpc:Vpc", { instanceTenancy: "default" }, { instanceTenancy: "dedicated" }, true],
    ["aws:ec2/vpcEndpoint:VpcEndpoint", {}, { privateDnsEnabled: true }, true],
    [
      "aws:ec2/vpcEndpoint:VpcEndpoint",
      { vpcEndpointType: "Interface" },
      { vpcEndpointType: "Interface", privateDnsEnabled: true },
      false,
    ],
    ["gcp:redis/instance:Instance", { redisVersion: "REDIS_7_2" }, { redisVersion: "REDIS_6_X" }, true],
    ["gcp:redis/instance:Instance", { redisVersion: "REDIS_6_X" }, { redisVersion: "REDIS_7_2" }, false],
    [
      "gcp:compute/subnetwork:Subnetwork",
      { ipCidrRange: "10.0.0.0/20" },
      { ipCidrRange: "10.0.0.0/16" },
      false,
    ],
    [
      "gcp:compute/subnetwork:Subnetwork",
      { ipCidrRange: "10.0.0.0/16" },
      { ipCidrRange: "10.0.0.0/20" },
      true,
    ],
    [
      "gcp:compute/subnetwork:Subnetwork",
      { ipCidrRange: "10.0.0.0/16" },
      { ipCidrRange: "10.1.0.0/16" },
      true,
    ],
    ["gcp:container/cluster:Cluster", { enableL4IlbSubsetting: true }, {}, true],
    ["gcp:container/cluster:Cluster", {}, { enableL4IlbSubsetting: true }, false],
    [
      "gcp:storage/bucket:Bucket",
      { retentionPolicy: { isLocked: true } },
      { retentionPolicy: { isLocked: false } },
      true,
    ],
  ])("%s from %j to %j replaces: %s", async (type, olds, news, replaces) => {
    const found = await planOnlyProvider("any").diff({ type } as ProviderContext, "", olds, olds, news, {
      ignoreChanges: [],
      preview: true,
    });
    expect(found.replaces?.length).toBe(replaces ? 1 : 0);
  });

  it("finds no change between unknown and unknown", async () => {
    expect(await diff({ bucket: UNKNOWN }, { bucket: UNKNOWN })).toMatchObject({ changes: false });
  });
});
