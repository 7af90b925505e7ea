import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { parseWorkload } from "../runtime/contract/check-workload.ts";
import type { Workload } from "../runtime/contract/workload.ts";
import { BadInput } from "../runtime/errors.ts";
import { pinTrainers } from "./pin-trainers.ts";

/** The part of package.json that names packages with workloads, so that a team can keep its workload in a repository of its own. */
const packageSchema = z.object({
  slipway: z.object({ workloads: z.array(z.string()).default([]) }).optional(),
});

export interface FoundWorkload {
  workload: Workload;
  /** Folder of its definition, in which the files of its source are. */
  folder: string;
}

/** A module whose default export is the definition of a workload. */
interface DefinitionModule {
  /** Words for it in errors: a path in the checkout, or a package. */
  label: string;
  /** Path of the module. */
  path: string;
}

/**
 * Loads the workloads of a checkout: of `workloads/<name>/workload.ts`, and of the packages in `slipway.workloads` of package.json.
 * Throws BadInput that names the file, the field, the rule and the value of everything that is wrong in a definition.
 */
export async function findWorkloads(root: string): Promise<ReadonlyMap<string, FoundWorkload>> {
  const labels = new Map<string, string>();
  const found = new Map<string, FoundWorkload>();
  for (const module of [...(await inFolder(root)), ...(await inPackages(root))]) {
    const parsed = parseWorkload(await definitionIn(module));
    if ("problems" in parsed) throw new BadInput(`${module.label}: ${parsed.problems.join("; ")}`);
    const { name } = parsed.workload;
    const other = labels.get(name);
    if (other !== undefined)
      throw new BadInput(
        `${module.label}: name must differ from those of other workloads, got ${name}, the name of ${other}`,
      );
    labels.set(name, module.label);
    const folder = dirname(module.path);
    const pinned = await pinTrainers(parsed.workload, folder);
    if ("problems" in pinned) throw new BadInput(`${module.label}: ${pinned.problems.join("; ")}`);
    found.set(name, { workload: pinned.workload, folder });
  }
  return found;
}

async function inFolder(root: string): Promise<DefinitionModule[]> {
  const names = (await readdir(join(root, "workloads"))).sort();
  return names
    .map((name) => `workloads/${name}/workload.ts`)
    .filter((file) => existsSync(join(root, file)))
    .map((file) => ({ label: file, path: join(root, file) }));
}

async function inPackages(root: string): Promise<DefinitionModule[]> {
  const file = join(root, "package.json");
  const parsed = packageSchema.safeParse(JSON.parse(await readFile(file, "utf8")));
  if (!parsed.success)
    throw new BadInput("package.json: slipway.workloads must be a list of names of packages");
  const require = createRequire(file);
  return (parsed.data.slipway?.workloads ?? []).map((name) => {
    try {
      return { label: `package ${name}`, path: require.resolve(name) };
    } catch {
      throw new BadInput(
        `package.json: slipway.workloads: there is no package ${name}; run npm install ${name}`,
      );
    }
  });
}

async function definitionIn({ label, path }: DefinitionModule): Promise<unknown> {
  const module = await (import(pathToFileURL(path).href) as Promise<{ default?: unknown }>).catch(
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new BadInput(`${label}: must be a module that can be loaded: ${reason}`, { cause: error });
    },
  );
  if (module.default === undefined)
    throw new BadInput(`${label}: must export its definition: export default defineWorkload({ … })`);
  return module.default;
}
