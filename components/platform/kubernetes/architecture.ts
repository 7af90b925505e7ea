/** Processor architectures of nodes, as Kubernetes and image indexes name them. */
export const ARCHITECTURES = ["amd64", "arm64"] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/**
 * Names of machine types with Arm processors.
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 * @see https://cloud.google.com/compute/docs/instances/arm-on-compute
 * @see https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions
 */
const ARM_MACHINES = [
  /^(a1|[a-z]+\d+g[a-z]*)\./, // AWS Graviton: a `g` after the generation, such as m7g.large, t4g.small, c7gn.xlarge
  /^(t2a|c4a|n4a)-/, // Google Cloud: Ampere and Axion
  /^Standard_[A-Z]+\d+(-\d+)?p/, // Azure Ampere and Cobalt: a `p` after the number of cores, such as Standard_D4ps_v6
];

/** Returns the processor architecture of a machine type of AWS, Google Cloud or Azure. */
export function machineArchitecture(machine: string): Architecture {
  return ARM_MACHINES.some((pattern) => pattern.test(machine)) ? "arm64" : "amd64";
}
