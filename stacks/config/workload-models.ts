import { brokenWorkloads, loadWorkload, workloadNames } from "../../workloads/catalog.ts";
import type { WorkloadModels } from "./check-config.ts";

/**
 * Returns the models of every workload of this checkout, by the workload's name. Those of a definition that cannot be loaded are unknown: its
 * services stay as they are.
 */
export async function workloadModels(): Promise<WorkloadModels> {
  const workloads = await Promise.all((await workloadNames()).map(loadWorkload));
  const broken = await brokenWorkloads();
  return new Map([
    ...broken.map(({ workload, models }) => [workload, models] as const),
    ...workloads.map(({ name, models }) => [name, models.map((model) => model.name)] as const),
  ]);
}
