import type * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  EksServiceAccountRole,
  type EksServiceAccountRoleArgs,
  type OidcIssuer,
} from "./eks-service-account-role.ts";
import { eksKubeconfig } from "./eks-kubeconfig.ts";
import { volumeKeyStatements } from "./eks-volume-key.ts";
import { commonLabels } from "../../platform/kubernetes/labels.ts";
import { AwsKey } from "../key.ts";
import { EksAddOn } from "./eks-add-on.ts";
import { EksControlPlane, type EksControlPlaneArgs } from "./eks-control-plane.ts";
import { EksNodePool, type EksNodeHome } from "./eks-node-pool.ts";
import { EksNodeRole } from "./eks-node-role.ts";

/** Size of a pool without GPUs. */
export interface EksPoolSize {
  machine?: string;
  spot?: boolean;
  min?: number;
  max?: number;
  diskGib?: number;
}

export interface EksClusterArgs extends EksControlPlaneArgs {
  region: string;
  /** Runs what the cluster needs. @default m7i.large, 2 to 4 */
  systemPool?: EksPoolSize;
  /** Runs everything else that needs no GPU. @default m7i.2xlarge, 3 to 9: a volume is of one zone, so each zone has one */
  cpuPool?: EksPoolSize;
  /** On nodes and their disks. @default - none */
  tags?: Readonly<Record<string, string>>;
}

/** Pods of the system pool tolerate it; those of EKS's own add-ons do so by themselves. */
export const SYSTEM_TAINT = { key: "CriticalAddonsOnly", value: "true", effect: "NoSchedule" } as const;

const SYSTEM_POOL = { machine: "m7i.large", min: 2, max: 4 };
const CPU_POOL = { machine: "m7i.2xlarge", min: 3, max: 9 };

/**
 * A cluster of EKS that pods can run on: the control plane, networking with network policies enforced, names, encrypted
 * volumes, and two pools of nodes.
 *
 * @example
 * const cluster = new EksCluster("cluster", { clusterName: "slipway", region, account, network, logsKey });
 * new Environment("staging", { registryUrl }, { provider: cluster.provider });
 */
export class EksCluster extends pulumi.ComponentResource {
  readonly clusterName: pulumi.Output<string>;
  /** Deploys into the cluster. What it deploys goes before the nodes do. */
  readonly provider: k8s.Provider;
  readonly oidc: OidcIssuer;
  /** What further pools of nodes join. */
  readonly nodes: EksNodeHome;
  /** Group of all nodes: what opens to the cluster opens to it. */
  readonly securityGroupId: pulumi.Output<string>;
  /** Pass it as `deletedWith`. */
  readonly resource: aws.eks.Cluster;

  constructor(name: string, args: EksClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:EksCluster", name, {}, opts);
    const { region, systemPool, cpuPool, tags = {}, ...controlPlane } = args;
    const { account, clusterName, network, protect = true } = controlPlane;
    const child = { parent: this };
    const plane = new EksControlPlane(`${name}-control-plane`, controlPlane, child);
    const cluster = plane.resource;
    const { oidc } = plane;
    this.oidc = oidc;
    this.resource = cluster;
    this.clusterName = cluster.name;
    this.securityGroupId = cluster.vpcConfig.clusterSecurityGroupId;

    const proxy = new EksAddOn(`${name}-kube-proxy`, { cluster, addOn: "kube-proxy" }, child);
    const cni = new EksAddOn(
      `${name}-vpc-cni`,
      {
        cluster,
        addOn: "vpc-cni",
        role: this.addOnRole(`${name}-vpc-cni`, {
          oidc,
          serviceAccount: "aws-node",
          managedPolicies: ["arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"],
        }),
        settings: { enableNetworkPolicy: "true", env: { ENABLE_PREFIX_DELEGATION: "true" } },
      },
      child,
    );
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
      roleArn: nodeRole.arn,
      subnetIds: network.privateSubnetIds,
      // A node is ready once it has a network, and gets its images by the way out. The driver that runs on it deletes
      // volumes to the end: without its rights they would be left behind.
      needs: [
        ...network.egress,
        ...nodeRole.attachments,
        ...volumesRole.resources,
        proxy.resource,
        cni.resource,
      ],
      tags,
    };
    const system = new EksNodePool(
      `${name}-system`,
      { home: this.nodes, pool: "system", ...withDefaults(SYSTEM_POOL, systemPool), taints: [SYSTEM_TAINT] },
      child,
    );
    const cpu = new EksNodePool(
      `${name}-cpu`,
      { home: this.nodes, pool: "cpu", ...withDefaults(CPU_POOL, cpuPool) },
      child,
    );
    const needs = [system.resource, cpu.resource];
    const dns = new EksAddOn(`${name}-coredns`, { cluster, addOn: "coredns", needs }, child);
    const volumes = new EksAddOn(
      `${name}-ebs-csi`,
      { cluster, addOn: "aws-ebs-csi-driver", needs, role: volumesRole },
      child,
    );

    // Whatever is in the cluster depends on the provider: so it has nodes, names and volumes until it is gone.
    this.provider = new k8s.Provider(
      `${name}-provider`,
      {
        enableConfigMapMutable: true,
        kubeconfig: eksKubeconfig({
          clusterName: cluster.name,
          region,
          endpoint: cluster.endpoint,
          certificateAuthority: cluster.certificateAuthority.data,
        }),
      },
      { parent: this, dependsOn: [...needs, dns.resource, volumes.resource] },
    );
    new k8s.storage.v1.StorageClass(
      `${name}-storage-class`,
      {
        metadata: {
          name: "gp3-encrypted",
          labels: commonLabels(name, "storage"),
          annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
        },
        provisioner: "ebs.csi.aws.com",
        parameters: { type: "gp3", encrypted: "true", kmsKeyId: volumesKey.arn },
        volumeBindingMode: "WaitForFirstConsumer", // in the zone of its pod
        allowVolumeExpansion: true,
        reclaimPolicy: "Delete",
      },
      { parent: this, provider: this.provider, deletedWith: cluster },
    );
    this.registerOutputs({ clusterName: this.clusterName });
  }

  /** Role of an add-on. The alias is for stacks in which this role was a child of the add-on. */
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

/** A pool's size; `max` grows with a `min` that is given alone. */
function withDefaults(
  defaults: { machine: string; min: number; max: number },
  size: EksPoolSize = {},
): EksPoolSize & { machine: string; max: number } {
  const { machine = defaults.machine, min = Math.min(defaults.min, size.max ?? defaults.min) } = size;
  return { ...size, machine, min, max: size.max ?? Math.max(defaults.max, min) };
}
