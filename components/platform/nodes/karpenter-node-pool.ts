import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { POOL_LABEL } from "../kubernetes/gpu-types.ts";

/** A label that the nodes of a pool have, with its possible values. */
export interface NodeRequirement {
  key: string;
  operator: "In" | "NotIn" | "Gt" | "Exists";
  values?: readonly string[];
}

/** Labels of nodes that Karpenter knows on every cloud. */
export const CAPACITY_TYPE_LABEL = "karpenter.sh/capacity-type";
export const ARCHITECTURE_LABEL = "kubernetes.io/arch";
export const MACHINE_LABEL = "node.kubernetes.io/instance-type";

export interface KarpenterNodePoolArgs {
  /** Name of the pool: value of the nodes' label `slipway.dev/pool`. */
  pool: string;
  /** Kind and API group of the node class, which has the settings of the cloud. */
  nodeClass: { group: string; kind: string; name: pulumi.Input<string> };
  /** Machines that the pool may take. */
  requirements: readonly NodeRequirement[];
  /** Greatest sums over all nodes of the pool, such as `{ cpu: 64, memory: "256Gi" }`. At the limit, pods stay pending. */
  limits: Readonly<Record<string, string | number>>;
  /** Further node labels. @default - the pool's name alone */
  labels?: Readonly<Record<string, string>>;
  /** Node taints. @default - none */
  taints?: readonly { key: string; value: string; effect: string }[];
  /** Minutes after which an unneeded node is removed. @default 5 */
  idleMinutes?: number;
}

/**
 * A node pool of Karpenter, which EKS Auto Mode and the node auto-provisioning of AKS run: nodes are created for pending pods, from the
 * cheapest machine that fits them, and replaced after two weeks, so that they are patched.
 *
 * @example
 * new KarpenterNodePool("auto", { pool: "auto", nodeClass, requirements, limits: { cpu: 64, memory: "256Gi" } }, { provider: kubernetes });
 * @see https://karpenter.sh/docs/concepts/nodepools/
 */
export class KarpenterNodePool extends pulumi.ComponentResource {
  constructor(name: string, args: KarpenterNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:kubernetes:KarpenterNodePool", name, {}, opts);
    const { pool, nodeClass, requirements, limits, labels = {}, taints = [], idleMinutes = 5 } = args;
    new k8s.apiextensions.CustomResource(
      `${name}-pool`,
      {
        apiVersion: "karpenter.sh/v1",
        kind: "NodePool",
        metadata: { name: pool },
        spec: {
          limits,
          disruption: {
            consolidationPolicy: "WhenEmptyOrUnderutilized",
            consolidateAfter: `${idleMinutes}m`,
            budgets: [{ nodes: "10%" }],
          },
          template: {
            metadata: { labels: { ...labels, [POOL_LABEL]: pool } },
            spec: {
              nodeClassRef: nodeClass,
              requirements: [{ key: "kubernetes.io/os", operator: "In", values: ["linux"] }, ...requirements],
              ...(taints.length === 0 ? {} : { taints }),
              expireAfter: "336h",
              terminationGracePeriod: "24h",
            },
          },
        },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
