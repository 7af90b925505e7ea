import * as pulumi from "@pulumi/pulumi";
import { EksNodePool, type EksNodeHome } from "./eks-node-pool.ts";

export interface EksNeuronNodePoolArgs {
  home: EksNodeHome;
  /** Name of the pool within the cluster. */
  pool: string;
  /** Instance type of the inf2, trn1 or trn2 family. */
  machine: string;
  /** Cheaper nodes that AWS may take back within two minutes. @default false */
  spot?: boolean;
  /** Nodes kept running. @default 0 */
  min?: number;
  /** Nodes at most; at least 1 and `min`. */
  max: number;
  /** Size of a node's disk; images with the Neuron SDK are large. @default 200 */
  diskGib?: number;
}

/** Resource that pods request to get a chip. */
export const NEURON_RESOURCE = "aws.amazon.com/neuron";
/** Keeps pods without Neuron chips off these expensive nodes. */
export const NEURON_TAINT = { key: NEURON_RESOURCE, value: "present", effect: "NoSchedule" } as const;
/** Label of nodes with Neuron chips. */
export const NEURON_LABEL = "slipway.dev/neuron";

/**
 * Number of Inferentia or Trainium devices of each instance type.
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html
 */
const DEVICES: Readonly<Record<string, number>> = {
  "inf2.xlarge": 1,
  "inf2.8xlarge": 1,
  "inf2.24xlarge": 6,
  "inf2.48xlarge": 12,
  "trn1.2xlarge": 1,
  "trn1.32xlarge": 16,
  "trn1n.32xlarge": 16,
  "trn2.3xlarge": 1,
  "trn2.48xlarge": 16,
};

/**
 * A pool of nodes with AWS's Inferentia or Trainium chips, empty while no pod requests one. The nodes run the only EKS node
 * image that includes the Neuron driver.
 *
 * @example
 * new EksNeuronNodePool("cluster-neuron-inf2", { home: cluster.nodes, pool: "inf2", machine: "inf2.xlarge", max: 4 });
 */
export class EksNeuronNodePool extends pulumi.ComponentResource {
  constructor(name: string, args: EksNeuronNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:EksNeuronNodePool", name, {}, opts);
    const { home, pool, machine, spot, min, max, diskGib = 200 } = args;
    const devices = DEVICES[machine];
    if (devices === undefined)
      throw new Error(
        `${name}: machine must be one with Neuron's chips (${Object.keys(DEVICES).join(", ")}), got ${machine}`,
      );
    new EksNodePool(
      `${name}-nodes`,
      {
        home,
        pool,
        machine,
        spot,
        min,
        max,
        diskGib,
        system: "al2023-neuron",
        labels: { [NEURON_LABEL]: "present" },
        taints: [NEURON_TAINT],
        resources: { [NEURON_RESOURCE]: devices },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
