import type { ModelDefinition, Workload } from "./contract/workload.ts";
import { BadInput } from "./errors.ts";

/** One line per workload, loaded on demand. A new one is a folder in `workloads/` and a line here. */
const WORKLOADS: Readonly<Record<string, () => Promise<Workload>>> = {
  "flight-delays": async () => (await import("../workloads/flight-delays/workload.ts")).flightDelays,
};

export async function loadWorkload(name: string): Promise<Workload> {
  const load = Object.hasOwn(WORKLOADS, name) ? WORKLOADS[name] : undefined;
  if (load === undefined)
    throw new BadInput(`workload: must be one of ${Object.keys(WORKLOADS).join(", ")}, got ${name}`);
  return load();
}

export function modelOf(workload: Workload, name: string): ModelDefinition {
  const model = workload.models.find((candidate) => candidate.name === name);
  if (model === undefined)
    throw new BadInput(
      `workload ${workload.name}: model must be one of ${workload.models.map((m) => m.name).join(", ")}, got ${name}`,
    );
  return model;
}
