import * as pulumi from "@pulumi/pulumi";
import { EksNodePool, type EksNodeHome } from "./eks-node-pool.ts";

export interface EksNeuronNodePoolArgs {
  home: EksNodeHome;
  /** Name within the cluster. */
  pool: string;
  /** Instance type of the inf2, trn1 or trn2 family. */
  machine: string;
  /** @default false */
  spot?: boolean;
  /** Nodes kept running. @default 0 */
  min?: number;
  /** Nodes at most; at least 1 and `min`. */
  max: number;
  /** Size of a node's disk: images with the SDK are large. @default 200 */
  diskGib?: number;
}

/** Resource that pods ask for. */
export const NEURON_RESOURCE = "aws.amazon.com/neuron";
/** Keeps pods that do without the chips off nodes that are paid for them. */
export const NEURON_TAINT = { key: NEURON_RESOURCE, value: "present", effect: "NoSchedule" } as const;
/** Label of nodes with Neuron's chips. */
export const NEURON_LABEL = "slipway.dev/neuron";

/**
 * Inferentia or Trainium devices of a machine.
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
 * Nodes with AWS's own chips, Inferentia and Trainium, none while nobody asks for one. They run the one image of EKS
 * that has Neuron's driver.
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
