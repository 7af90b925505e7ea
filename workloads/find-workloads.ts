import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { parseWorkload } from "../runtime/contract/check-workload.ts";
import type { Workload } from "../runtime/contract/workload.ts";
import { kebabNameSchema } from "../runtime/contract/kebab-name.ts";
import { BadInput } from "../runtime/errors.ts";
import { BrokenWorkload } from "./broken-workload.ts";
import { pinTrainers } from "./pin-trainers.ts";

/** The part of package.json that names packages with workloads, so that a team can keep its workload in a repository of its own. */
const packageSchema = z.object({
  slipway: z.object({ workloads: z.array(z.string()).default([]) }).optional(),
});

export interface FoundWorkload {
  workload: Workload;
  /** Folder of its definition, in which the files of its source are. */
  folder: string;
  /** Words for its definition in errors: a path in the checkout, or a package. */
  label: string;
}

export interface FoundWorkloads {
  /** By name. */
  workloads: ReadonlyMap<string, FoundWorkload>;
  /** Definitions that cannot be used. They do not concern the others. */
  broken: readonly BrokenWorkload[];
}

/** A module whose default export is the definition of a workload. */
interface DefinitionModule {
  /** Words for it in errors: a path in the checkout, or a package. */
  label: string;
  /** Path of the module. */
  path: string;
  /** Name of its folder or package. */
  name: string;
}

/**
 * Loads the workloads of a checkout: of `workloads/<name>/workload.ts`, and of the packages in `slipway.workloads` of package.json. A
 * definition that is wrong is among the broken ones, with the file, the field, the rule and the value of all that is wrong in it.
 */
export async function findWorkloads(root: string): Promise<FoundWorkloads> {
  const labels = new Map<string, string>();
  const workloads = new Map<string, FoundWorkload>();
  const broken: BrokenWorkload[] = [];
  const { modules, missing } = await inPackages(root);
  broken.push(...missing);
  for (const module of [...(await inFolder(root)), ...modules])
    try {
      const folder = dirname(module.path);
      const workload = await pinnedIn(module, parsedIn(module, await definitionIn(module)), folder);
      const { name } = workload;
      const other = labels.get(name);
      if (other !== undefined)
        throw new BrokenWorkload(
          `${module.label}: name must differ from those of other workloads, got ${name}, the name of ${other}`,
          { workload: module.name },
        );
      labels.set(name, module.label);
      workloads.set(name, { workload, folder, label: module.label });
    } catch (error) {
      if (!(error instanceof BrokenWorkload)) throw error;
      broken.push(error);
    }
  return { workloads, broken };
}

async function inFolder(root: string): Promise<DefinitionModule[]> {
  const names = (await readdir(join(root, "workloads"))).sort();
  return names
    .map((name) => ({ name, label: `workloads/${name}/workload.ts` }))
    .filter(({ label }) => existsSync(join(root, label)))
    .map(({ name, label }) => ({ name, label, path: join(root, label) }));
}

async function inPackages(root: string): Promise<{ modules: DefinitionModule[]; missing: BrokenWorkload[] }> {
  const file = join(root, "package.json");
  const parsed = packageSchema.safeParse(JSON.parse(await readFile(file, "utf8")));
  if (!parsed.success)
    throw new BadInput("package.json: slipway.workloads must be a list of names of packages");
  const require = createRequire(file);
  const modules: DefinitionModule[] = [];
  const missing: BrokenWorkload[] = [];
  for (const name of parsed.data.slipway?.workloads ?? [])
    try {
      modules.push({ name, label: `package ${name}`, path: require.resolve(name) });
    } catch {
      missing.push(
        new BrokenWorkload(
          `package.json: slipway.workloads: there is no package ${name}; run npm install ${name}`,
          { workload: name },
        ),
      );
    }
  return { modules, missing };
}

function parsedIn({ label, name }: DefinitionModule, definition: unknown): Workload {
  const parsed = parseWorkload(definition);
  if ("workload" in parsed) return parsed.workload;
  const named = namesSchema.safeParse(definition).data;
  throw new BrokenWorkload(`${label}: ${parsed.problems.join("; ")}`, {
    workload: named?.name ?? name,
    models: named?.models?.map((model) => model.name),
  });
}

async function pinnedIn({ label }: DefinitionModule, workload: Workload, folder: string): Promise<Workload> {
  const pinned = await pinTrainers(workload, folder);
  if ("workload" in pinned) return pinned.workload;
  throw new BrokenWorkload(`${label}: ${pinned.problems.join("; ")}`, {
    workload: workload.name,
    models: workload.models.map(({ name }) => name),
  });
}

/** The names in a definition that breaks other rules: they say which services are its own. */
const namesSchema = z.object({
  name: kebabNameSchema,
  models: z.array(z.object({ name: kebabNameSchema })).optional(),
});

async function definitionIn({ label, path, name }: DefinitionModule): Promise<unknown> {
  const module = await (import(pathToFileURL(path).href) as Promise<{ default?: unknown }>).catch(
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new BrokenWorkload(`${label}: must be a module that can be loaded: ${reason}`, {
        workload: name,
        cause: error,
      });
    },
  );
  if (module.default === undefined)
    throw new BrokenWorkload(`${label}: must export its definition: export default defineWorkload({ … })`, {
      workload: name,
    });
  return module.default;
}
