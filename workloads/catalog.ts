import { dirname } from "node:path";
import type { Workload } from "../runtime/contract/workload.ts";
import { BadInput } from "../runtime/errors.ts";
import { findWorkloads, type FoundWorkload } from "./find-workloads.ts";

const ROOT = dirname(import.meta.dirname);

let found: Promise<ReadonlyMap<string, FoundWorkload>> | undefined;

/** Returns the names of all workloads of this checkout, sorted. Throws BadInput if a definition breaks a rule. */
export async function workloadNames(): Promise<string[]> {
  return [...(await all()).keys()].sort();
}

/** Returns a workload by its name. Throws BadInput if there is none, or if a definition breaks a rule. */
export async function loadWorkload(name: string): Promise<Workload> {
  return (await loadFound(name)).workload;
}

/** Returns the folder of a workload's definition. Throws as `loadWorkload` does. */
export async function workloadFolder(name: string): Promise<string> {
  return (await loadFound(name)).folder;
}

async function loadFound(name: string): Promise<FoundWorkload> {
  const workload = (await all()).get(name);
  if (workload !== undefined) return workload;
  const names = await workloadNames();
  throw new BadInput(
    `workload: must be one of ${names.join(", ") || "none"}, got ${name}; write yours to workloads/${name}/workload.ts`,
  );
}

/** Each definition is loaded once in a process. */
function all(): Promise<ReadonlyMap<string, FoundWorkload>> {
  found ??= findWorkloads(ROOT);
  return found;
}
