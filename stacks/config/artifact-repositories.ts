import { artifactRepositoriesOf } from "../../runtime/contract/artifact-kind.ts";
import { loadWorkload } from "../../workloads/catalog.ts";
import type { StackConfig } from "./schema.ts";

/** Returns the workloads of the services of all environments, with or without a model yet. */
export function workloadsOf(environments: StackConfig["environments"]): string[] {
  const services = Object.values(environments).flatMap((environment) => Object.values(environment.services));
  return [...new Set(services.map(({ workload }) => workload))];
}

/** Returns every repository to which the stack's jobs push. Jobs train all models of a workload, served or not. */
export async function artifactRepositories(environments: StackConfig["environments"]): Promise<string[]> {
  const workloads = await Promise.all(workloadsOf(environments).map(loadWorkload));
  return workloads.flatMap(artifactRepositoriesOf).sort();
}
