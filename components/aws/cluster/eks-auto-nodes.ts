import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Architecture } from "../../platform/kubernetes/architecture.ts";
import { generalPool, gpuPools, type AutoProvisioning } from "../../platform/nodes/auto-provisioning.ts";
import { KarpenterNodePool } from "../../platform/nodes/karpenter-node-pool.ts";

export interface EksAutoNodesArgs extends AutoProvisioning {
  /** Name of the role of the nodes. */
  roleName: pulumi.Input<string>;
  /** Subnets of the nodes. */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Security group of all nodes of the cluster. */
  securityGroupId: pulumi.Input<string>;
  /** Processors of the nodes without GPUs. @default amd64 */
  architecture?: Architecture;
  /** Size of each node's disk in GiB; at least 20. @default 100 */
  diskGib?: number;
}

const GROUP = "eks.amazonaws.com";
const KIND = "NodeClass";

/**
 * The node pools of EKS Auto Mode: one for pods without GPUs, and one for each type of GPU, with limits. AWS runs Karpenter and patches the
 * nodes, which have Bottlerocket, IMDSv2 and one hop.
 *
 * @example
 * new EksAutoNodes("auto", { roleName, subnetIds, securityGroupId, maxVcpus: 64, maxMemoryGib: 256 }, { provider: kubernetes });
 * @see https://docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html
 */
export class EksAutoNodes extends pulumi.ComponentResource {
  constructor(name: string, args: EksAutoNodesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:EksAutoNodes", name, {}, opts);
    const { roleName, subnetIds, securityGroupId, architecture = "amd64", diskGib = 100 } = args;
    const nodeClass = new k8s.apiextensions.CustomResource(
      `${name}-class`,
      {
        apiVersion: `${GROUP}/v1`,
        kind: KIND,
        metadata: { name: "slipway" },
        spec: {
          role: roleName,
          subnetSelectorTerms: pulumi.output(subnetIds).apply((ids) => ids.map((id) => ({ id }))),
          securityGroupSelectorTerms: [{ id: securityGroupId }],
          ephemeralStorage: { size: `${diskGib}Gi` },
          networkPolicy: "DefaultAllow", // enforces the network policies of namespaces
        },
      },
      { parent: this },
    );
    const pools = [
      generalPool(args, architecture, [
        { key: `${GROUP}/instance-category`, operator: "In", values: ["c", "m", "r"] },
        { key: `${GROUP}/instance-generation`, operator: "Gt", values: ["5"] },
      ]),
      ...gpuPools("aws", args),
    ];
    for (const pool of pools)
      new KarpenterNodePool(
        `${name}-${pool.pool}`,
        { ...pool, nodeClass: { group: GROUP, kind: KIND, name: nodeClass.metadata.name } },
        { parent: this },
      );
    this.registerOutputs({});
  }
}
