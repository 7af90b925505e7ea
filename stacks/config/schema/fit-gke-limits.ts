import { gpuMachineFault, gpuMachine } from "../../../components/platform/gpu/gpu-machines.ts";
import type { GpuType } from "../../../components/platform/kubernetes/gpu-types.ts";
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

/** Nodes that a pool always has, with the amount of one resource that each has. */
interface Least {
  name: string;
  nodes: number;
  each: number;
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
  const check = (key: string[], limit: number, unit: string, least: Least[]): void => {
    const needed = least.reduce((sum, { nodes, each }) => sum + nodes * each, 0);
    if (needed <= limit) return;
    const terms = least.map(({ name, nodes, each }) => `${name} ${nodes} x ${each}`).join(", ");
    refuse(
      ["cluster", "nodeAutoProvisioning", ...key],
      `must be at least ${needed} ${unit}, which the pools have at their minimum (${terms}): on GKE the limit counts all nodes of the cluster`,
      "set it to that, and what new nodes may add",
    );
  };
  const leastOf = (resource: keyof MachineSize): Least[] =>
    pools.map(({ name, nodes, size }) => ({ name, nodes, each: size[resource] }));
  check(["maxVcpus"], auto.maxVcpus, "vCPUs", leastOf("vcpus"));
  check(["maxMemoryGib"], auto.maxMemoryGib, "GiB", leastOf("memoryGib"));
  for (const [type, limit] of Object.entries(auto.maxGpus ?? {}) as [GpuType, number][])
    check(["maxGpus", type], limit, "GPUs", leastGpusOf(cluster, type));
}

/** Returns the GPUs of a type in nodes that pools always have. Sharing does not matter: the limit counts whole GPUs. */
function leastGpusOf({ gpuPools }: GkeConfig, type: GpuType): Least[] {
  return Object.entries(gpuPools).flatMap(([name, pool]) =>
    pool.type === type && pool.min ? [{ name, nodes: pool.min, each: pool.count }] : [],
  );
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
