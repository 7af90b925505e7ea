import { loadWorkload, workloadNames } from "../../workloads/catalog.ts";
import type { WorkloadModels } from "./check-config.ts";

/** Returns the models of every workload of this checkout, by the workload's name. */
export async function workloadModels(): Promise<WorkloadModels> {
  const workloads = await Promise.all((await workloadNames()).map(loadWorkload));
  return new Map(workloads.map(({ name, models }) => [name, models.map((model) => model.name)]));
}
