import { describe, expect, it } from "vitest";
import { planOnlyProvider } from "../../../../local/engine/providers/plan-only.ts";
import type { PropertyMap, ProviderContext } from "../../../../local/engine/providers/provider.ts";
import { UNKNOWN } from "../../../../local/engine/providers/provider.ts";
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

  it("finds no change between unknown and unknown", async () => {
    expect(await diff({ bucket: UNKNOWN }, { bucket: UNKNOWN })).toMatchObject({ changes: false });
  });
});
