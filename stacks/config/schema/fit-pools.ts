import { machineArchitecture } from "../../../components/platform/kubernetes/architecture.ts";
import type { ClusterConfig } from "./cluster.ts";
import type { Refuse } from "./refuse.ts";

/** Keys of any pool that this file reads. */
interface Pool {
  machine?: string | undefined;
  spot?: boolean | undefined;
  spotMachines?: string[] | undefined;
}

/** Refuses keys of node pools that do not fit their cloud or one another. */
export function fitPools(cluster: ClusterConfig, refuse: Refuse): void {
  if (cluster.kind === "existing") return;
  const pools: [string[], Pool][] = [
    ...entries(cluster.nodePools, "nodePools"),
    ...entries(cluster.gpuPools, "gpuPools"),
  ];
  for (const [path, pool] of pools) checkSpotMachines(cluster.kind, path, pool, refuse);
}

function entries(pools: Readonly<Record<string, Pool | undefined>>, key: string): [string[], Pool][] {
  return Object.entries(pools).flatMap(([name, pool]) =>
    pool === undefined ? [] : [[["cluster", key, name], pool] as [string[], Pool]],
  );
}

function checkSpotMachines(
  kind: string,
  path: string[],
  { machine = "m7i.large", spot = false, spotMachines }: Pool,
  refuse: Refuse,
): void {
  if (spotMachines === undefined) return;
  const key = [...path, "spotMachines"];
  if (kind !== "eks") return refuse(key, "must be left out: only on EKS a pool has several machine types");
  if (!spot) refuse(key, "must be left out if spot is not true: other pools have one machine type");
  const architecture = machineArchitecture(machine);
  if (spotMachines.some((other) => machineArchitecture(other) !== architecture))
    refuse(key, `must have ${architecture} processors: the node image of the pool is for them`);
}
