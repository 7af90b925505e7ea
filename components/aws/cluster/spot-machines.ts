import { machineArchitecture } from "../../platform/kubernetes/architecture.ts";

/** Families of machines with the same cores and memory at each size, by family: AWS takes nodes from the one with spare capacity. */
const LIKE: Readonly<Record<string, readonly string[]>> = {
  m7i: ["m7a", "m6i", "m6a"],
  m6i: ["m7i", "m7a", "m6a"],
  c7i: ["c7a", "c6i", "c6a"],
  c6i: ["c7i", "c7a", "c6a"],
  r7i: ["r7a", "r6i", "r6a"],
  r6i: ["r7i", "r7a", "r6a"],
  m7g: ["m6g"],
  m6g: ["m7g"],
  c7g: ["c6g"],
  c6g: ["c7g"],
  r7g: ["r6g"],
  r6g: ["r7g"],
};

/** Families that Slipway itself takes nodes of a spot pool from. */
export const SPOT_FAMILIES: readonly string[] = [
  ...new Set(Object.entries(LIKE).flatMap(([one, others]) => [one, ...others])),
];

/** Sizes that have one GPU in the families g4dn, g5 and g6: the larger ones only have more cores and memory. */
const ONE_GPU = ["xlarge", "2xlarge", "4xlarge", "8xlarge"];
const ONE_GPU_FAMILIES = ["g4dn", "g5", "g6"];

/**
 * Returns the machines of a spot pool: the given one first, then others that can run the same pods. With a single machine type, a
 * spot pool often gets no node. Machines without an equal stay alone. `others` replaces the ones that are known; throws if one of them
 * has other processors, for which the node image is not.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html#managed-node-group-capacity-types-spot
 */
export function spotMachines(machine: string, others?: readonly string[]): string[] {
  if (others !== undefined) {
    const architecture = machineArchitecture(machine);
    const odd = others.find((other) => machineArchitecture(other) !== architecture);
    if (odd !== undefined)
      throw new Error(`spotMachines: must have ${architecture} processors, as ${machine} has, got ${odd}`);
    return [...new Set([machine, ...others])];
  }
  const [family = "", size = ""] = machine.split(".");
  if (ONE_GPU_FAMILIES.includes(family) && ONE_GPU.includes(size))
    return ONE_GPU.slice(ONE_GPU.indexOf(size)).map((larger) => `${family}.${larger}`);
  return [machine, ...(LIKE[family] ?? []).map((like) => `${like}.${size}`)];
}
