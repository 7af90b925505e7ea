/** TPUs by machine family: GKE's name of the accelerator, and the number of dimensions of its topologies. */
const FAMILIES: Readonly<Record<string, { accelerator: string; dimensions: 2 | 3 }>> = {
  ct4p: { accelerator: "tpu-v4-podslice", dimensions: 3 },
  ct5lp: { accelerator: "tpu-v5-lite-podslice", dimensions: 2 },
  ct5p: { accelerator: "tpu-v5p-slice", dimensions: 3 },
  ct6e: { accelerator: "tpu-v6e-slice", dimensions: 2 },
};

export interface TpuSlice {
  /** Value of GKE's label `cloud.google.com/gke-tpu-accelerator`. */
  accelerator: string;
  chipsPerNode: number;
  /** Number of nodes in the slice. */
  nodes: number;
}

/**
 * Returns the slice for a machine type such as `ct5lp-hightpu-4t` and a topology such as `4x4`. Throws if they do not fit.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/plan-tpus
 */
export function tpuSlice(machine: string, topology: string, owner: string): TpuSlice {
  const [, family = "", chipsText = ""] = /^(ct\w+)-hightpu-(\d+)t$/.exec(machine) ?? [];
  const known = FAMILIES[family];
  if (known === undefined)
    throw new Error(
      `${owner}: machine must be a TPU machine of ${Object.keys(FAMILIES).join(", ")}, got ${machine}; ` +
        `such as ct5lp-hightpu-4t`,
    );
  const sides = topology.split("x").map(Number);
  if (sides.length !== known.dimensions)
    throw new Error(
      `${owner}: topology must have ${known.dimensions} dimensions for ${machine}, got ${topology}; ` +
        `such as ${known.dimensions === 2 ? "2x2" : "2x2x1"}`,
    );
  const chips = sides.reduce((product, side) => product * side, 1);
  const chipsPerNode = Number(chipsText);
  if (!(chips >= chipsPerNode && chips % chipsPerNode === 0))
    throw new Error(
      `${owner}: topology must be a multiple of the ${chipsPerNode} chips of ${machine}, got ${topology}; ` +
        `that is ${chips}`,
    );
  return { accelerator: known.accelerator, chipsPerNode, nodes: chips / chipsPerNode };
}
