import { gpuMachineFault, gpuMachine } from "../../../components/platform/gpu/gpu-machines.ts";
import { machineSize, type MachineSize } from "../../../components/platform/nodes/machine-size.ts";
import type { GkeConfig } from "./cluster.ts";
import type { Refuse } from "./refuse.ts";

/** Defaults of a pool without GPUs. @see components/gcp/cluster/gke-node-pool.ts */
export const GKE_POOL_DEFAULTS = { machine: "e2-standard-4", min: 1 };

/** Nodes that a pool always has, with the size of one. */
interface LeastNodes {
  name: string;
  nodes: number;
  size: MachineSize;
}

/**
 * Refuses limits of node auto-provisioning that the pools exceed at their minimum: on GKE the limits count all nodes of the cluster.
 * Pools whose machine has no known size are not counted.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/node-auto-provisioning
 */
export function fitGkeLimits(cluster: GkeConfig, refuse: Refuse): void {
  const { nodeAutoProvisioning: auto } = cluster;
  if (auto === undefined) return;
  const pools = leastNodesOf(cluster);
  const check = (key: "maxVcpus" | "maxMemoryGib", resource: keyof MachineSize, unit: string): void => {
    const needed = pools.reduce((sum, { nodes, size }) => sum + nodes * size[resource], 0);
    if (needed <= auto[key]) return;
    const terms = pools.map(({ name, nodes, size }) => `${name} ${nodes} x ${size[resource]}`).join(", ");
    refuse(
      ["cluster", "nodeAutoProvisioning", key],
      `must be at least ${needed} ${unit}, which the pools have at their minimum (${terms}): on GKE the limit counts all nodes of the cluster`,
      "set it to that, and what new nodes may add",
    );
  };
  check("maxVcpus", "vcpus", "vCPUs");
  check("maxMemoryGib", "memoryGib", "GiB");
}

function leastNodesOf({ nodePools, gpuPools, tpuPools }: GkeConfig): LeastNodes[] {
  const general = (["system", "cpu"] as const).map((name) => {
    const { machine = GKE_POOL_DEFAULTS.machine, min = GKE_POOL_DEFAULTS.min } = nodePools[name] ?? {};
    return { name, nodes: min, size: machineSize("gcp", machine) };
  });
  const gpu = Object.entries(gpuPools).map(([name, { type, count, min = 0 }]) => ({
    name,
    nodes: min,
    // The schema of the pool has refused a GPU without a machine.
    size: gpuMachineFault("gcp", type, count) === undefined ? gpuMachine("gcp", type, count) : undefined,
  }));
  const tpu = Object.entries(tpuPools).map(([name, { machine, min = 0 }]) => ({
    name,
    nodes: min,
    size: machineSize("gcp", machine),
  }));
  return [...general, ...gpu, ...tpu].flatMap(({ name, nodes, size }) =>
    nodes === 0 || size === undefined ? [] : [{ name, nodes, size }],
  );
}
