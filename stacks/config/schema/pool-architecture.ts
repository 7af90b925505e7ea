import {
  machineArchitecture,
  type Architecture,
} from "../../../components/platform/kubernetes/architecture.ts";
import type { ManagedClusterConfig } from "./cluster.ts";

/** Returns the processor architecture of the nodes of a pool without accelerators. The default machines of all clouds have x86 processors. */
export function poolArchitecture(
  { nodePools }: Pick<ManagedClusterConfig, "nodePools">,
  pool: "system" | "cpu",
): Architecture {
  const machine = nodePools[pool]?.machine;
  return machine === undefined ? "amd64" : machineArchitecture(machine);
}
