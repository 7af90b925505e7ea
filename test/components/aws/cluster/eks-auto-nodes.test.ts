import { expect, test } from "vitest";
import { EksAutoNodes } from "../../../../components/aws/cluster/eks-auto-nodes.ts";
import { find, list, record, valueOf } from "../../record.ts";
import { recordEks } from "./record-eks.ts";

const NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool";

test("a cluster with Auto Mode has no pool that is included, and a role for the nodes", async () => {
  const { resources, result } = await recordEks({ autoMode: true });
  expect(find(resources, "aws:eks/cluster:Cluster", "cluster-control-plane-cluster")).toMatchObject({
    computeConfig: { enabled: true },
    storageConfig: { blockStorage: { enabled: true } },
    kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true } },
    bootstrapSelfManagedAddons: false,
  });
  const role = find(resources, "aws:iam/role:Role", "cluster-control-plane-role") as {
    assumeRolePolicy: string;
  };
  expect(role.assumeRolePolicy).toContain('["sts:AssumeRole","sts:TagSession"]');
  for (const policy of ["Compute", "BlockStorage", "LoadBalancing", "Networking"])
    expect(list(resources)).toContain(
      `aws:iam/rolePolicyAttachment:RolePolicyAttachment cluster-control-plane-AmazonEKS${policy}Policy`,
    );
  expect(find(resources, "aws:eks/accessEntry:AccessEntry", "cluster-auto-nodes-entry")).toMatchObject({
    type: "EC2",
  });
  expect(
    find(resources, "aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "cluster-auto-nodes-access"),
  ).toMatchObject({
    policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy",
    accessScope: { type: "cluster" },
  });
  expect(await valueOf(result.autoNodeRoleName)).toBeDefined();
});

test("a cluster without Auto Mode has nothing of it", async () => {
  const { resources, result } = await recordEks();
  const cluster = find(resources, "aws:eks/cluster:Cluster", "cluster-control-plane-cluster");
  expect(cluster).not.toHaveProperty("computeConfig");
  expect(result.autoNodeRoleName).toBeUndefined();
});

test("the pools of Auto Mode have limits, the processors of the cluster, and a taint where they have GPUs", async () => {
  const { resources } = await record(
    () =>
      new EksAutoNodes("auto", {
        roleName: "nodes",
        subnetIds: ["subnet-a", "subnet-b"],
        securityGroupId: "sg-1",
        architecture: "arm64",
        maxVcpus: 64,
        maxMemoryGib: 256,
        maxGpus: { "nvidia-l4": 4 },
        spot: true,
      }),
  );
  expect(find(resources, "kubernetes:eks.amazonaws.com/v1:NodeClass", "auto-class")).toMatchObject({
    spec: {
      role: "nodes",
      subnetSelectorTerms: [{ id: "subnet-a" }, { id: "subnet-b" }],
      securityGroupSelectorTerms: [{ id: "sg-1" }],
      networkPolicy: "DefaultAllow",
    },
  });
  expect(find(resources, NODE_POOL, "auto-auto-pool")).toMatchObject({
    metadata: { name: "auto" },
    spec: {
      limits: { cpu: 64, memory: "256Gi" },
      template: {
        metadata: { labels: { "slipway.dev/pool": "auto" } },
        spec: {
          nodeClassRef: { group: "eks.amazonaws.com", kind: "NodeClass", name: "slipway" },
          requirements: [
            { key: "kubernetes.io/os", operator: "In", values: ["linux"] },
            { key: "kubernetes.io/arch", operator: "In", values: ["arm64"] },
            { key: "karpenter.sh/capacity-type", operator: "In", values: ["spot", "on-demand"] },
            { key: "eks.amazonaws.com/instance-category", operator: "In", values: ["c", "m", "r"] },
            { key: "eks.amazonaws.com/instance-generation", operator: "Gt", values: ["5"] },
          ],
        },
      },
    },
  });
  expect(find(resources, NODE_POOL, "auto-auto-nvidia-l4-pool")).toMatchObject({
    spec: {
      limits: { "nvidia.com/gpu": 4 },
      template: {
        metadata: { labels: { "slipway.dev/pool": "auto-nvidia-l4", "slipway.dev/gpu-type": "nvidia-l4" } },
        spec: {
          taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }],
          requirements: [
            { key: "kubernetes.io/os" },
            { key: "node.kubernetes.io/instance-type", operator: "In", values: ["g6.xlarge", "g6.12xlarge"] },
            { key: "karpenter.sh/capacity-type" },
          ],
        },
      },
    },
  });
});
