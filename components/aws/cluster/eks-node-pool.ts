import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { atLeast } from "../../platform/kubernetes/at-least.ts";
import { autoscalerTags, type Taint } from "./eks-autoscaler-tags.ts";
import { machineArchitecture } from "../../platform/kubernetes/architecture.ts";
import { POOL_LABEL, type ReservedCapacity } from "../../platform/kubernetes/gpu-types.ts";
import { autoName, MAX_NODE_GROUP_NAME } from "../auto-name.ts";
import type { AwsSubnet } from "../vpc.ts";
import { spotMachines } from "./spot-machines.ts";

/** Release of each node image that the nodes run. An `up` moves the nodes to another one, a third at a time. */
export interface EksNodeReleases {
  /** Version of Bottlerocket with its build, such as `1.62.0-1b2c3d4e`. @default - the newest when a pool is created or its Kubernetes changes */
  bottlerocket?: string;
  /** Release of Amazon Linux 2023 for Neuron, such as `1.36.2-20261120`. @default - the newest when a pool is created or its Kubernetes changes */
  neuron?: string;
}

/** The cluster that nodes join, and the settings that all its nodes share. */
export interface EksNodeHome {
  cluster: aws.eks.Cluster;
  /** Minor version of Kubernetes. */
  version: string;
  /** Releases of the node images. */
  releases: EksNodeReleases;
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
  bottlerocket: {
    amiType: { amd64: "BOTTLEROCKET_x86_64", arm64: "BOTTLEROCKET_ARM_64" },
    dataDevice: "/dev/xvdb",
    rootDevice: "/dev/xvda",
    release: "bottlerocket",
  },
  "bottlerocket-nvidia": {
    amiType: { amd64: "BOTTLEROCKET_x86_64_NVIDIA", arm64: undefined },
    dataDevice: "/dev/xvdb",
    rootDevice: "/dev/xvda",
    release: "bottlerocket",
  },
  /** The only node image with the Neuron driver. */
  "al2023-neuron": {
    amiType: { amd64: "AL2023_x86_64_NEURON", arm64: undefined },
    dataDevice: "/dev/xvda",
    rootDevice: undefined,
    release: "neuron",
  },
} as const;

/** Label with the zone of a node's volumes. The EBS driver sets it on nodes; the autoscaler must know it before there is a node. */
const VOLUME_ZONE_LABEL = "topology.ebs.csi.aws.com/zone";

const EFFECTS = {
  NoSchedule: "NO_SCHEDULE",
  NoExecute: "NO_EXECUTE",
  PreferNoSchedule: "PREFER_NO_SCHEDULE",
} as const;

export interface EksNodePoolArgs {
  home: EksNodeHome;
  /** Name of the pool within the cluster: value of the nodes' label `slipway.dev/pool`. */
  pool: string;
  /** Instance type. The node image is for its processor: x86 or, without accelerators, Arm. */
  machine: string;
  /** Nodes kept running. @default 0 */
  min?: number;
  /** Nodes at most; at least 1 and `min`. */
  max: number;
  /** Cheaper nodes that AWS may take back within two minutes; also of other machine types that can run the same pods. @default false */
  spot?: boolean;
  /** Instance types of a spot pool besides `machine`, with the same processors. @default - those that are known for `machine` */
  spotMachines?: readonly string[];
  /** The only subnet of the nodes, and so their only zone: for pods with volumes, which belong to one zone. @default - all subnets of the home */
  subnet?: AwsSubnet;
  /** A capacity reservation or a capacity block of EC2, in the zone of `subnet`. @default - on-demand capacity, or spot */
  capacity?: ReservedCapacity;
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
    const { settings, subnet, capacity, taints = [], resources = {} } = args;
    if (capacity !== undefined && (spot || subnet === undefined))
      throw new Error(`${name}: capacity must go with a subnet and without spot, got ${capacity.id}`);
    const isBlock = capacity?.kind === "block";
    atLeast(0, min, `${name}: min`);
    atLeast(Math.max(1, min), max, `${name}: max`);
    atLeast(20, diskGib, `${name}: diskGib`);
    const labels = { ...args.labels, [POOL_LABEL]: pool };
    const { amiType: amiTypes, dataDevice, rootDevice, release } = SYSTEMS[system];
    const amiType = amiTypes[machineArchitecture(machine)];
    if (amiType === undefined)
      throw new Error(`${name}: machine must have x86 processors for the system ${system}, got ${machine}`);
    if (args.spotMachines !== undefined && !spot)
      throw new Error(
        `${name}: spotMachines must be left out where spot is false, got ${args.spotMachines.join(", ")}`,
      );
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
          // Without a size the disk is as large as the image. A fixed size would stop new nodes when the image grows.
          ...(rootDevice === undefined ? [] : [{ deviceName: rootDevice, ebs }]),
          { deviceName: dataDevice, ebs: { ...ebs, volumeSize: diskGib } },
        ],
        monitoring: { enabled: true },
        ...(capacity === undefined
          ? {}
          : {
              capacityReservationSpecification: {
                capacityReservationTarget: { capacityReservationId: capacity.id },
              },
            }),
        // AWS takes the machine of a block from the template alone.
        ...(isBlock
          ? { instanceType: machine, instanceMarketOptions: { marketType: "capacity-block" } }
          : {}),
        userData: settings === undefined ? undefined : Buffer.from(settings).toString("base64"),
        tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
          resourceType,
          tags,
        })),
      },
      { parent: this },
    );
    this.resource = new aws.eks.NodeGroup(
      autoName(`${name}-group`, MAX_NODE_GROUP_NAME),
      {
        clusterName: home.cluster.name,
        version: home.version,
        releaseVersion: home.releases[release],
        nodeRoleArn: home.roleArn,
        subnetIds: subnet === undefined ? home.subnetIds : [subnet.id],
        amiType,
        ...(isBlock
          ? { capacityType: "CAPACITY_BLOCK" }
          : {
              instanceTypes: spot ? spotMachines(machine, args.spotMachines) : [machine],
              capacityType: spot ? "SPOT" : "ON_DEMAND",
            }),
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
    const futureLabels = subnet === undefined ? labels : { ...labels, [VOLUME_ZONE_LABEL]: subnet.zone };
    for (const [key, value] of Object.entries(autoscalerTags({ labels: futureLabels, taints, resources })))
      new aws.autoscaling.Tag(
        `${name}-tag-${key.split("/").slice(3).join("-")}`,
        { autoscalingGroupName: group, tag: { key, value, propagateAtLaunch: false } },
        { parent: this, deletedWith: this.resource },
      );
    this.registerOutputs({});
  }
}
