import { readdir, readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { parseWorkload } from "../runtime/contract/check-workload.ts";
import type { Workload } from "../runtime/contract/workload.ts";
import { BadInput } from "../runtime/errors.ts";

const FOLDER = import.meta.dirname;
const PACKAGE = join(dirname(FOLDER), "package.json");

/** The part of package.json that names packages with workloads, so that a team can keep its workload in a repository of its own. */
const packageSchema = z.object({
  slipway: z.object({ workloads: z.array(z.string()).default([]) }).optional(),
});

/** A module whose default export is the definition of a workload. */
interface DefinitionModule {
  /** What a person calls it: a path from the checkout, or a package. */
  file: string;
  /** What `import` takes. */
  specifier: string;
}

let loaded: Promise<ReadonlyMap<string, Workload>> | undefined;

/** Returns the names of all workloads: of `workloads/<name>/workload.ts`, and of the packages in `slipway.workloads` of package.json. */
export async function workloadNames(): Promise<string[]> {
  return [...(await workloads()).keys()].sort();
}

/** Returns a workload by its name. Throws BadInput if there is none, or if a definition breaks a rule. */
export async function loadWorkload(name: string): Promise<Workload> {
  const all = await workloads();
  const workload = all.get(name);
  if (workload === undefined)
    throw new BadInput(
      `workload: must be one of ${[...all.keys()].sort().join(", ") || "none"}, got ${name}; write yours to workloads/${name}/workload.ts`,
    );
  return workload;
}

function workloads(): Promise<ReadonlyMap<string, Workload>> {
  loaded ??= loadAll();
  return loaded;
}

async function loadAll(): Promise<ReadonlyMap<string, Workload>> {
  const modules = [...(await inFolder()), ...(await inPackages())];
  const found = new Map<string, { workload: Workload; file: string }>();
  for (const { file, specifier } of modules) {
    const parsed = parseWorkload(await definitionIn({ file, specifier }));
    if ("problems" in parsed) throw new BadInput(`${file}: ${parsed.problems.join("; ")}`);
    const { workload } = parsed;
    const other = found.get(workload.name);
    if (other !== undefined)
      throw new BadInput(`${file}: name must be its own, got ${workload.name}, which ${other.file} has too`);
    found.set(workload.name, { workload, file });
  }
  return new Map([...found].map(([name, { workload }]) => [name, workload]));
}

async function inFolder(): Promise<DefinitionModule[]> {
  const entries = (await readdir(FOLDER, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  return entries
    .map(({ name }) => ({
      file: `workloads/${name}/workload.ts`,
      specifier: pathToFileURL(join(FOLDER, name, "workload.ts")).href,
      exists: existsSync(join(FOLDER, name, "workload.ts")),
    }))
    .filter(({ exists }) => exists);
}

async function inPackages(): Promise<DefinitionModule[]> {
  const { slipway } = packageSchema.parse(JSON.parse(await readFile(PACKAGE, "utf8")));
  return (slipway?.workloads ?? []).map((name) => ({ file: `package ${name}`, specifier: name }));
}

async function definitionIn({ file, specifier }: DefinitionModule): Promise<unknown> {
  const module = await (import(specifier) as Promise<{ default?: unknown }>).catch((error: unknown) => {
    throw new BadInput(
      `${file}: cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  });
  if (module.default === undefined)
    throw new BadInput(`${file}: must export its definition: export default defineWorkload({ … })`);
  return module.default;
}
