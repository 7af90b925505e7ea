import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { cache } from "../home.ts";
import type { Progress } from "../progress.ts";
import { runCommand } from "../run-command.ts";

/** Stops npm from checking for its own updates and from writing logs to the user's home. */
const QUIET_NPM = { NPM_CONFIG_UPDATE_NOTIFIER: "false", NPM_CONFIG_LOGS_MAX: "0" };

export interface NpmPackagePin {
  name: string;
  version: string;
  /** Subresource integrity as in package-lock.json: `sha512-<base64>`. */
  integrity: string;
}

/** Downloads and unpacks an npm package once into the cache and returns its folder. Throws if its bytes are not the pinned ones. */
export async function npmPackage(progress: Progress, pin: NpmPackagePin): Promise<string> {
  const folder = cache("npm", `${pin.name.replace("/", "+")}-${pin.version}`);
  const present = await stat(folder).then(
    () => true,
    () => false,
  );
  if (present) return folder;
  return progress.step(`Fetch ${pin.name} ${pin.version} from npm`, async () => {
    await mkdir(cache("npm"), { recursive: true });
    const work = await mkdtemp(cache("npm", ".partial-"));
    try {
      await runCommand(
        "npm",
        ["pack", "--silent", "--pack-destination", work, `${pin.name}@${pin.version}`],
        { cwd: work, env: QUIET_NPM },
      );
      const file = (await readdir(work)).find((name) => name.endsWith(".tgz"));
      if (file === undefined) throw new Error(`npm downloaded nothing for ${pin.name}@${pin.version}`);
      const bytes = await readFile(join(work, file));
      const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
      if (integrity !== pin.integrity)
        throw new Error(
          `${pin.name}@${pin.version}: integrity must be ${pin.integrity}, got ${integrity}; do not use it`,
        );
      await runCommand("tar", ["--extract", "--gzip", "--file", join(work, file), "--directory", work]);
      await rename(join(work, "package"), folder);
      return folder;
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
}
