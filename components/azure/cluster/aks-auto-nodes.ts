import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Architecture } from "../../platform/kubernetes/architecture.ts";
import { generalPool, gpuPools, type AutoProvisioning } from "../../platform/nodes/auto-provisioning.ts";
import { KarpenterNodePool } from "../../platform/nodes/karpenter-node-pool.ts";

export interface AksAutoNodesArgs extends AutoProvisioning {
  /** Tags of nodes and their disks. */
  tags: Readonly<Record<string, string>>;
  /** Processors of the nodes without GPUs. @default amd64 */
  architecture?: Architecture;
  /** Encrypt the disks of nodes at the host. @default true */
  encryptionAtHost?: boolean;
  /** Size of each node's disk in GiB; at least 30. @default 128 */
  diskGib?: number;
}

const GROUP = "karpenter.azure.com";
const KIND = "AKSNodeClass";

/**
 * The node pools of the node auto-provisioning of AKS: one for pods without GPUs, and one for each type of GPU, with limits. AKS runs
 * Karpenter. The nodes are in the subnet of the system pool.
 *
 * @example
 * new AksAutoNodes("auto", { tags, maxVcpus: 64, maxMemoryGib: 256 }, { provider: kubernetes });
 * @see https://learn.microsoft.com/azure/aks/node-auto-provisioning
 */
export class AksAutoNodes extends pulumi.ComponentResource {
  constructor(name: string, args: AksAutoNodesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:AksAutoNodes", name, {}, opts);
    const { tags, architecture = "amd64", encryptionAtHost = true, diskGib = 128 } = args;
    const createClass = (suffix: string, imageFamily: string): k8s.apiextensions.CustomResource =>
      new k8s.apiextensions.CustomResource(
        `${name}-${suffix}-class`,
        {
          apiVersion: `${GROUP}/v1beta1`,
          kind: KIND,
          metadata: { name: `slipway-${suffix}` },
          spec: { imageFamily, osDiskSizeGB: diskGib, tags, security: { encryptionAtHost } },
        },
        { parent: this },
      );
    const general = generalPool(args, architecture, [
      { key: `${GROUP}/sku-family`, operator: "In", values: ["D", "E", "F"] },
    ]);
    const withGpus = gpuPools("azure", args);
    const createPools = (
      pools: readonly (typeof general)[],
      nodeClass: k8s.apiextensions.CustomResource,
    ): void => {
      for (const pool of pools)
        new KarpenterNodePool(
          `${name}-${pool.pool}`,
          { ...pool, nodeClass: { group: GROUP, kind: KIND, name: nodeClass.metadata.name } },
          { parent: this },
        );
    };
    createPools([general], createClass("general", "AzureLinux"));
    // AKS has drivers for every GPU on Ubuntu, and for few GPUs on Azure Linux.
    if (withGpus.length > 0) createPools(withGpus, createClass("gpu", "Ubuntu"));
    this.registerOutputs({});
  }
}
