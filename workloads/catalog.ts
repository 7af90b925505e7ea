import { dirname } from "node:path";
import { didYouMean } from "../runtime/contract/issues/did-you-mean.ts";
import type { Workload } from "../runtime/contract/workload.ts";
import { BadInput } from "../runtime/errors.ts";
import type { BrokenWorkload } from "./broken-workload.ts";
import { findWorkloads, type FoundWorkload, type FoundWorkloads } from "./find-workloads.ts";

const ROOT = dirname(import.meta.dirname);

let found: Promise<FoundWorkloads> | undefined;

/** Returns the names of all workloads of this checkout that can be used, sorted. */
export async function workloadNames(): Promise<string[]> {
  return [...(await all()).workloads.keys()].sort();
}

/** Returns the workloads of this checkout whose definitions cannot be used, and why. They do not concern the others. */
export async function brokenWorkloads(): Promise<readonly BrokenWorkload[]> {
  return (await all()).broken;
}

/** Returns a workload by its name. Throws BadInput if there is none, and BrokenWorkload if its definition cannot be used. */
export async function loadWorkload(name: string): Promise<Workload> {
  return (await findWorkload(name)).workload;
}

/** Returns the name of the file with a workload's definition, for messages. Throws as `loadWorkload` does. */
export async function workloadFile(name: string): Promise<string> {
  return (await findWorkload(name)).label;
}

/** Returns the folder of a workload's definition. Throws as `loadWorkload` does. */
export async function workloadFolder(name: string): Promise<string> {
  return (await findWorkload(name)).folder;
}

/** Returns a workload with the place of its definition. Throws as `loadWorkload` does. */
export async function findWorkload(name: string): Promise<FoundWorkload> {
  const { workloads, broken } = await all();
  const workload = workloads.get(name);
  if (workload !== undefined) return workload;
  const own = broken.find((each) => each.workload === name);
  if (own !== undefined) throw own;
  const names = await workloadNames();
  throw new BadInput(
    `workload: must be one of ${names.join(", ") || "none"}, got ${name}${didYouMean(name, names) || `; write yours to workloads/${name}/workload.ts`}`,
  );
}

/** Each definition is loaded once in a process. */
function all(): Promise<FoundWorkloads> {
  found ??= findWorkloads(ROOT);
  return found;
}
