import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { atLeast } from "../../platform/kubernetes/at-least.ts";
import { autoscalerTags, type Taint } from "./eks-autoscaler-tags.ts";
import { POOL_LABEL } from "../../platform/kubernetes/gpu-types.ts";

/** The cluster that nodes join, and the settings that all its nodes share. */
export interface EksNodeHome {
  cluster: aws.eks.Cluster;
  version: string;
  roleArn: pulumi.Input<string>;
  subnetIds: pulumi.Input<string>[];
  /** Resources that must exist before the first node, and until the last node is deleted. */
  needs: pulumi.Resource[];
  /** Tags of instances and their disks, which the provider's default tags do not reach. */
  tags: Readonly<Record<string, string>>;
}

/** Node images by operating system. */
const SYSTEMS = {
  /** Immutable root, SELinux, no shell, no package manager. Images and pods are on a second disk. */
  bottlerocket: { amiType: "BOTTLEROCKET_x86_64", dataDevice: "/dev/xvdb", rootDevice: "/dev/xvda" },
  "bottlerocket-nvidia": {
    amiType: "BOTTLEROCKET_x86_64_NVIDIA",
    dataDevice: "/dev/xvdb",
    rootDevice: "/dev/xvda",
  },
  /** The only node image with the Neuron driver. */
  "al2023-neuron": { amiType: "AL2023_x86_64_NEURON", dataDevice: "/dev/xvda", rootDevice: undefined },
} as const;

const EFFECTS = {
  NoSchedule: "NO_SCHEDULE",
  NoExecute: "NO_EXECUTE",
  PreferNoSchedule: "PREFER_NO_SCHEDULE",
} as const;

export interface EksNodePoolArgs {
  home: EksNodeHome;
  /** Name of the pool within the cluster: value of the nodes' label `slipway.dev/pool`. */
  pool: string;
  /** Instance type. */
  machine: string;
  /** Nodes kept running. @default 0 */
  min?: number;
  /** Nodes at most; at least 1 and `min`. */
  max: number;
  /** Cheaper nodes that AWS may take back within two minutes. @default false */
  spot?: boolean;
  /** Size of the disk for images and pods, encrypted; at least 20. @default 80 */
  diskGib?: number;
  /** Operating system of the nodes. @default bottlerocket */
  system?: keyof typeof SYSTEMS;
  /** Bottlerocket settings as TOML, added to those of EKS. @default - none */
  settings?: string;
  /** Further node labels. @default - the pool's name alone */
  labels?: Readonly<Record<string, string>>;
  /** Node taints. @default - none */
  taints?: readonly Taint[];
  /** Resources that the autoscaler cannot derive from the machine type. @default - nothing */
  resources?: Readonly<Record<string, number>>;
}

/**
 * A managed node group with encrypted disks. Pods cannot reach the instance metadata service of their node (IMDSv2, one
 * hop), and Cluster Autoscaler can scale the group up from zero.
 *
 * @example
 * new EksNodePool("cpu", { home: cluster.nodes, pool: "cpu", machine: "m7i.2xlarge", max: 6 });
 */
export class EksNodePool extends pulumi.ComponentResource {
  readonly resource: aws.eks.NodeGroup;

  constructor(name: string, args: EksNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:EksNodePool", name, {}, opts);
    const { home, pool, machine, min = 0, max, spot = false, diskGib = 80, system = "bottlerocket" } = args;
    const { settings, taints = [], resources = {} } = args;
    atLeast(0, min, `${name}: min`);
    atLeast(Math.max(1, min), max, `${name}: max`);
    atLeast(20, diskGib, `${name}: diskGib`);
    const labels = { ...args.labels, [POOL_LABEL]: pool };
    const { amiType, dataDevice, rootDevice } = SYSTEMS[system];
    const ebs = { encrypted: "true", deleteOnTermination: "true", volumeType: "gp3" };
    const tags = { ...home.tags, Name: `${name}-node` };

    const template = new aws.ec2.LaunchTemplate(
      `${name}-template`,
      {
        description: `Nodes of the pool ${pool}`,
        updateDefaultVersion: true,
        metadataOptions: {
          httpEndpoint: "enabled",
          httpTokens: "required",
          httpPutResponseHopLimit: 1, // pods are two hops away
        },
        blockDeviceMappings: [
          ...(rootDevice === undefined ? [] : [{ deviceName: rootDevice, ebs: { ...ebs, volumeSize: 4 } }]),
          { deviceName: dataDevice, ebs: { ...ebs, volumeSize: diskGib } },
        ],
        monitoring: { enabled: true },
        userData: settings === undefined ? undefined : Buffer.from(settings).toString("base64"),
        tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
          resourceType,
          tags,
        })),
      },
      { parent: this },
    );
    this.resource = new aws.eks.NodeGroup(
      `${name}-group`,
      {
        clusterName: home.cluster.name,
        version: home.version,
        nodeRoleArn: home.roleArn,
        subnetIds: home.subnetIds,
        amiType,
        instanceTypes: [machine],
        capacityType: spot ? "SPOT" : "ON_DEMAND",
        launchTemplate: {
          id: template.id,
          version: template.latestVersion.apply((version) => String(version)),
        },
        scalingConfig: { minSize: min, maxSize: max, desiredSize: min },
        updateConfig: { maxUnavailablePercentage: 33 },
        nodeRepairConfig: { enabled: true },
        labels,
        taints: taints.map(({ key, value, effect }) => ({ key, value, effect: EFFECTS[effect] })),
      },
      {
        parent: this,
        dependsOn: home.needs,
        ignoreChanges: ["scalingConfig.desiredSize"], // the autoscaler sets it
      },
    );
    // Describe the nodes to the autoscaler while the group is empty.
    const group = this.resource.resources[0]!.autoscalingGroups[0]!.name;
    for (const [key, value] of Object.entries(autoscalerTags({ labels, taints, resources })))
      new aws.autoscaling.Tag(
        `${name}-tag-${key.split("/").slice(3).join("-")}`,
        { autoscalingGroupName: group, tag: { key, value, propagateAtLaunch: false } },
        { parent: this, deletedWith: this.resource },
      );
    this.registerOutputs({});
  }
}
