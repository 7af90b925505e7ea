import { artifactRepositoriesOf } from "../../runtime/contract/artifact-kind.ts";
import { loadWorkload } from "../../workloads/catalog.ts";
import type { StackConfig } from "./schema.ts";

/** Workloads that any environment serves, or will. */
export function workloadsOf(environments: StackConfig["environments"]): string[] {
  const services = Object.values(environments).flatMap((environment) => Object.values(environment.services));
  return [...new Set(services.map(({ workload }) => workload))];
}

/** Every repository that the stack's jobs push to: all models of its workloads are trained, served or not. */
export async function artifactRepositories(environments: StackConfig["environments"]): Promise<string[]> {
  const workloads = await Promise.all(workloadsOf(environments).map(loadWorkload));
  return workloads.flatMap(artifactRepositoriesOf).sort();
}
