import { expect, test } from "vitest";
import { EksNeuronDevicePlugin } from "../../../../components/aws/cluster/eks-neuron-device-plugin.ts";
import { EksNeuronNodePool } from "../../../../components/aws/cluster/eks-neuron-node-pool.ts";
import { EksCluster } from "../../../../components/aws/cluster/eks.ts";
import { GpuSystem } from "../../../../components/platform/gpu/gpu-system.ts";
import { AwsKey } from "../../../../components/aws/key.ts";
import { AwsVpc } from "../../../../components/aws/vpc.ts";
import { find, list, named, record } from "../../record.ts";
import { ACCOUNT, place } from "../aws-outputs.ts";

const build = (machine: string) =>
  record(() => {
    const logsKey = new AwsKey("logs", { description: "Logs", account: ACCOUNT });
    const network = new AwsVpc("network", { ...place, logsKey });
    const cluster = new EksCluster("cluster", { ...place, clusterName: "slipway", network, logsKey });
    new EksNeuronNodePool("chips", { home: cluster.nodes, pool: "inf2", machine, max: 2 });
  });

test("a Neuron pool starts empty, on the image with the driver", async () => {
  const { resources } = await build("inf2.24xlarge");
  expect(find(resources, "aws:eks/nodeGroup:NodeGroup", "chips-nodes-group")).toMatchObject({
    amiType: "AL2023_x86_64_NEURON",
    instanceTypes: ["inf2.24xlarge"],
    scalingConfig: { minSize: 0, maxSize: 2 },
    taints: [{ key: "aws.amazon.com/neuron", value: "present", effect: "NO_SCHEDULE" }],
  });
  const tags = named(resources, "chips").filter(({ type }) => type === "aws:autoscaling/tag:Tag");
  expect(tags.map(({ inputs }) => inputs["tag"])).toContainEqual({
    key: "k8s.io/cluster-autoscaler/node-template/resources/aws.amazon.com/neuron",
    value: "6",
    propagateAtLaunch: false,
  });
  expect(find(resources, "aws:ec2/launchTemplate:LaunchTemplate", "chips-nodes-template")).toMatchObject({
    blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true", volumeSize: 200 } }],
  });
});

test("refuses a machine without Neuron chips, and names those with them", async () => {
  await expect(build("m7i.large")).rejects.toThrow(
    /chips: machine must be one with Neuron's chips \(inf2\.xlarge, .*\), got m7i\.large/,
  );
});

test("the plugin runs only on Neuron nodes, and has the rights that it needs", async () => {
  const { resources } = await record(() => {
    const system = new GpuSystem("gpu-system", {});
    new EksNeuronDevicePlugin("neuron", { system, image: `r.example/neuron@sha256:${"a".repeat(64)}` });
  });
  expect(list(named(resources, "neuron"))).toEqual([
    "kubernetes:apps/v1:DaemonSet neuron-daemon",
    "kubernetes:core/v1:ServiceAccount neuron-account",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy neuron-egress",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole neuron-role",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding neuron-binding",
    "slipway:cluster:EksNeuronDevicePlugin neuron",
  ]);
  expect(find(resources, "kubernetes:apps/v1:DaemonSet", "neuron-daemon")).toMatchObject({
    spec: { template: { spec: { nodeSelector: { "slipway.dev/neuron": "present" } } } },
  });
});
