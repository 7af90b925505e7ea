import { artifactRepositoriesOf } from "../../runtime/contract/artifact-kind.ts";
import { loadWorkload } from "../../workloads/catalog.ts";
import type { StackConfig } from "./schema.ts";

/** Returns the workloads of all services of all environments. */
export function workloadsOf(environments: StackConfig["environments"]): string[] {
  const services = Object.values(environments).flatMap((environment) => Object.values(environment.services));
  return [...new Set(services.map(({ workload }) => workload))];
}

/** Returns every repository that the stack's jobs push to. All models of its workloads are trained, with or without a service. */
export async function artifactRepositories(environments: StackConfig["environments"]): Promise<string[]> {
  const workloads = await Promise.all(workloadsOf(environments).map(loadWorkload));
  return workloads.flatMap(artifactRepositoriesOf).sort();
}
