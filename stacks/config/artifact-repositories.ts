import { artifactRepositoriesOf } from "../../runtime/contract/artifact-kind.ts";
import { BrokenWorkload } from "../../workloads/broken-workload.ts";
import { loadWorkload } from "../../workloads/catalog.ts";
import type { StackConfig } from "./schema.ts";

/** Returns the workloads of all services of all environments. */
export function workloadsOf(environments: StackConfig["environments"]): string[] {
  const services = Object.values(environments).flatMap((environment) => Object.values(environment.services));
  return [...new Set(services.map(({ workload }) => workload))];
}

/** Registries in which the stack creates each repository: to leave one out is to delete it. */
const WITH_REPOSITORIES: readonly string[] = ["ecr", "artifact-registry"];

/**
 * Returns every repository that the stack's jobs push to. All models of its workloads are trained, with or without a service. Throws
 * BrokenWorkload where the models of a definition are not known, and the stack creates their repositories.
 */
export async function artifactRepositories({
  environments,
  registry,
}: {
  environments: StackConfig["environments"];
  registry: { kind: string };
}): Promise<string[]> {
  const workloads = await Promise.all(
    workloadsOf(environments).map(async (name) => {
      try {
        return await loadWorkload(name);
      } catch (error) {
        if (!(error instanceof BrokenWorkload)) throw error;
        if (error.models === undefined && WITH_REPOSITORIES.includes(registry.kind)) throw error;
        return { name, models: (error.models ?? []).map((model) => ({ name: model })) };
      }
    }),
  );
  return workloads.flatMap(artifactRepositoriesOf).sort();
}
