import * as pulumi from "@pulumi/pulumi";
import {
  EksServiceAccountRole,
  type EksServiceAccountRoleArgs,
  type OidcIssuer,
} from "./eks-service-account-role.ts";
import { eksKubeconfig } from "./eks-kubeconfig.ts";
import { volumeKeyStatements } from "./eks-volume-key.ts";
import { after } from "../../platform/after.ts";
import { AwsKey } from "../key.ts";
import type { AwsSubnet } from "../vpc.ts";
import { EksAutoNodeRole } from "./eks-auto-node-role.ts";
import { EksAddOn, type EksAddOnArgs } from "./eks-add-on.ts";
import type { EksAddOnVersions } from "./eks-add-on-versions.ts";
import { EksControlPlane, type EksControlPlaneArgs } from "./eks-control-plane.ts";
import { dividePool } from "./divide-pool.ts";
import { EksNodePool, type EksNodeHome, type EksNodeReleases } from "./eks-node-pool.ts";
import { EksNodeRole } from "./eks-node-role.ts";
import { EksPodLogs, POD_LOG_SETTINGS } from "./eks-pod-logs.ts";

/** Size of a pool without GPUs. */
export interface EksPoolSize {
  machine?: string;
  spot?: boolean;
  /** Further machine types of a spot pool. @default - those with the same cores and memory that are known */
  spotMachines?: readonly string[];
  min?: number;
  max?: number;
  diskGib?: number;
}

export interface EksClusterArgs extends EksControlPlaneArgs {
  region: string;
  /** Nodes for the cluster's own components. @default m7i.large, 2 to 4 */
  systemPool?: EksPoolSize;
  /** Nodes for everything else without a GPU, divided over a node group in each zone, because a volume belongs to one zone. @default m7i.2xlarge, 3 to 9 */
  cpuPool?: EksPoolSize;
  /** Releases of the node images. @default - the newest when a pool is created or its Kubernetes changes */
  nodeReleases?: EksNodeReleases;
  /** Versions of EKS add-ons that replace those of the table. @default - none */
  addOnVersions?: EksAddOnVersions;
  /** Days that CloudWatch keeps the logs of pods; one of its periods, such as 30. @default - the logs are not collected, and end with their pods */
  podLogDays?: number;
  /** Tags of the volumes that the cluster creates for pods from now on. @default - none of ours */
  volumeTags?: Readonly<Record<string, string>>;
  /** Tags of nodes and their disks. @default - none */
  tags?: Readonly<Record<string, string>>;
}

/** Taint of the system pool. Pods of EKS add-ons tolerate it by default; other system pods must tolerate it. */
export const SYSTEM_TAINT = { key: "CriticalAddonsOnly", value: "true", effect: "NoSchedule" } as const;

const SYSTEM_POOL = { machine: "m7i.large", min: 2, max: 4 };
const CPU_POOL = { machine: "m7i.2xlarge", min: 3, max: 9 };

/**
 * An EKS cluster that is ready for pods: the control plane, a network plugin that enforces network policies, DNS, encrypted
 * volumes, resource metrics, the detection of broken nodes, and two node pools.
 *
 * @example
 * const cluster = new EksCluster("cluster", { clusterName: "slipway", region, account, network, logsKey });
 * const kubernetes = new k8s.Provider("kubernetes", { kubeconfig: cluster.kubeconfig });
 */
export class EksCluster extends pulumi.ComponentResource {
  readonly clusterName: pulumi.Output<string>;
  /** Kubeconfig without credentials: the AWS CLI gets a token for the user who deploys. Known when nodes, DNS and volumes work. */
  readonly kubeconfig: pulumi.Output<string>;
  /** ARN of the key for the volumes of pods. */
  readonly volumesKeyArn: pulumi.Output<string>;
  readonly oidc: OidcIssuer;
  /** Settings for further node pools. */
  readonly nodes: EksNodeHome;
  /** Security group of all nodes: use it in rules that let the cluster in. */
  readonly securityGroupId: pulumi.Output<string>;
  /** Name of the role of nodes that Auto Mode creates. @default - none, see `autoMode` */
  readonly autoNodeRoleName?: pulumi.Output<string>;

  constructor(name: string, args: EksClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:EksCluster", name, {}, opts);
    const { region, systemPool, cpuPool, tags = {}, nodeReleases = {}, ...rest } = args;
    const { addOnVersions, podLogDays, volumeTags, ...controlPlane } = rest;
    const { account, clusterName, network, logsKey, protect = true } = controlPlane;
    const child = { parent: this };
    const plane = new EksControlPlane(`${name}-control-plane`, controlPlane, child);
    const cluster = plane.resource;
    const { oidc } = plane;
    this.oidc = oidc;
    this.clusterName = cluster.name;
    this.securityGroupId = plane.securityGroupId;

    const addOn = (
      suffix: string,
      addOnArgs: Omit<EksAddOnArgs, "cluster" | "kubernetes" | "versions">,
    ): EksAddOn =>
      new EksAddOn(
        `${name}-${suffix}`,
        { cluster, kubernetes: plane.version, versions: addOnVersions, ...addOnArgs },
        child,
      );
    const proxy = addOn("kube-proxy", { addOn: "kube-proxy" });
    const cni = addOn("vpc-cni", {
      addOn: "vpc-cni",
      role: this.addOnRole(`${name}-vpc-cni`, {
        oidc,
        serviceAccount: "aws-node",
        managedPolicies: ["arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"],
      }),
      settings: { enableNetworkPolicy: "true", env: { ENABLE_PREFIX_DELEGATION: "true" } },
    });
    const podLogs =
      podLogDays === undefined
        ? undefined
        : new EksPodLogs(`${name}-pod-logs`, { clusterName, oidc, logsKey, days: podLogDays }, child);
    const volumesKey = new AwsKey(
      `${name}-volumes`,
      { description: `Volumes of the cluster ${clusterName}`, account, protect },
      child,
    );
    const volumesRole = this.addOnRole(`${name}-ebs-csi`, {
      oidc,
      serviceAccount: "ebs-csi-controller-sa",
      managedPolicies: ["arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"],
      statements: volumeKeyStatements(volumesKey.arn),
    });
    const nodeRole = new EksNodeRole(`${name}-node-role`, {}, child);
    this.nodes = {
      cluster,
      version: plane.version,
      releases: nodeReleases,
      roleArn: nodeRole.arn,
      subnetIds: network.privateSubnetIds,
      // A node needs the network plugin to become ready, and the routes to pull images. The volume driver on it needs its
      // rights until the end: without them the disks of deleted volumes would stay.
      needs: [
        ...network.egress,
        ...nodeRole.attachments,
        ...volumesRole.resources,
        ...(podLogs?.resources ?? []),
        proxy.resource,
        cni.resource,
      ],
      tags,
    };
    if (args.autoMode === true)
      this.autoNodeRoleName = new EksAutoNodeRole(`${name}-auto-nodes`, { cluster }, child).roleName;
    const system = new EksNodePool(
      `${name}-system`,
      { home: this.nodes, pool: "system", ...withDefaults(SYSTEM_POOL, systemPool), taints: [SYSTEM_TAINT] },
      child,
    );
    const cpu = this.createZonalPool(
      `${name}-cpu`,
      "cpu",
      withDefaults(CPU_POOL, cpuPool),
      network.privateSubnets,
    );
    const needs = [system.resource, ...cpu.map(({ resource }) => resource)];
    const dns = addOn("coredns", { addOn: "coredns", needs });
    const volumes = addOn("ebs-csi", {
      addOn: "aws-ebs-csi-driver",
      needs,
      role: volumesRole,
      ...(volumeTags === undefined ? {} : { settings: { controller: { extraVolumeTags: volumeTags } } }),
    });
    const metrics = addOn("metrics-server", {
      addOn: "metrics-server",
      needs,
      settings: { tolerations: [{ key: SYSTEM_TAINT.key, operator: "Exists", effect: SYSTEM_TAINT.effect }] },
    });
    // Without it, the repair of nodes does not see a broken GPU, disk or network.
    addOn("node-monitoring", { addOn: "eks-node-monitoring-agent" });
    if (podLogs !== undefined)
      addOn("pod-logs-agent", {
        addOn: "amazon-cloudwatch-observability",
        needs,
        role: podLogs.role,
        settings: POD_LOG_SETTINGS,
      });

    // What is deployed with the kubeconfig is created after nodes, DNS and the volume driver, and deleted before them.
    const ready = [...needs, dns.resource, volumes.resource, metrics.resource].map(({ urn }) => urn);
    const kubeconfig = eksKubeconfig({
      clusterName: cluster.name,
      region,
      endpoint: cluster.endpoint,
      certificateAuthority: cluster.certificateAuthority.data,
    });
    this.kubeconfig = after(kubeconfig, ...ready);
    this.volumesKeyArn = volumesKey.arn;
    this.registerOutputs({ clusterName: this.clusterName });
  }

  /** Creates a pool with a node group in each zone, so that the autoscaler can add a node where a volume is. */
  private createZonalPool(
    name: string,
    pool: string,
    { min, max, ...size }: ReturnType<typeof withDefaults>,
    subnets: readonly AwsSubnet[],
  ): EksNodePool[] {
    const limits = dividePool({ min, max }, subnets.length, name);
    return subnets.map(
      (subnet, zone) =>
        new EksNodePool(
          `${name}-${zone}`,
          { home: this.nodes, pool, subnet, ...size, ...limits[zone]! },
          { parent: this },
        ),
    );
  }

  /** Creates the role of an add-on. The alias is for older stacks, in which this role was a child of the add-on. */
  private addOnRole(
    addOn: string,
    args: Omit<EksServiceAccountRoleArgs, "namespace">,
  ): EksServiceAccountRole {
    const parent = pulumi.createUrn(addOn, "slipway:cluster:EksAddOn", this);
    return new EksServiceAccountRole(
      `${addOn}-access`,
      { namespace: "kube-system", ...args },
      { parent: this, aliases: [{ parent }] },
    );
  }
}

/** Fills in the defaults of a pool. Where only `min` is given, `max` is at least `min`; where only `max` is given, `min` is at most `max`. */
function withDefaults(
  defaults: { machine: string; min: number; max: number },
  size: EksPoolSize = {},
): EksPoolSize & { machine: string; min: number; max: number } {
  const { machine = defaults.machine, min = Math.min(defaults.min, size.max ?? defaults.min) } = size;
  return { ...size, machine, min, max: size.max ?? Math.max(defaults.max, min) };
}
