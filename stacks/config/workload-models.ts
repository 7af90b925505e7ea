import { loadWorkload, WORKLOAD_NAMES } from "../../workloads/catalog.ts";
import type { WorkloadModels } from "./check-config.ts";

/** Returns the names of the models of each workload in this checkout. */
export async function workloadModels(): Promise<WorkloadModels> {
  const workloads = await Promise.all(WORKLOAD_NAMES.map(loadWorkload));
  return new Map(workloads.map(({ name, models }) => [name, models.map((model) => model.name)]));
}
