import { workloadProblems } from "../runtime/contract/check-workload.ts";
import type { WorkloadCatalog } from "../runtime/contract/workload-catalog.ts";
import type { Workload } from "../runtime/contract/workload.ts";
import { BadInput } from "../runtime/errors.ts";

/** The workloads, each loaded on demand. To add one, write a folder beside this file and a line here. */
const LOADERS: Readonly<Record<string, () => Promise<Workload>>> = {
  "flight-delays": async () => (await import("./flight-delays/workload.ts")).flightDelays,
};

export const WORKLOAD_NAMES: readonly string[] = Object.keys(LOADERS);

/** Loads a workload. Throws BadInput if there is none with this name, or if its definitions break a rule. */
export async function loadWorkload(name: string): Promise<Workload> {
  const load = Object.hasOwn(LOADERS, name) ? LOADERS[name] : undefined;
  if (load === undefined)
    throw new BadInput(
      `workload: must be one of ${WORKLOAD_NAMES.join(", ")}, got ${name}; add yours to workloads/catalog.ts`,
    );
  const workload = await load();
  const problems = workloadProblems(workload);
  if (problems.length > 0) throw new BadInput(`workload ${name}: ${problems.join("; ")}`);
  return workload;
}

/** The catalog that `runtime/main.ts` passes to the jobs. */
export const catalog: WorkloadCatalog = { names: WORKLOAD_NAMES, load: loadWorkload };
