import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cache } from "../home.ts";
import type { Progress } from "../progress.ts";
import { CommandFailed, runCommand } from "../run-command.ts";
import { ensurePip } from "../tools/python-package.ts";

/** The Python of Debian 12, which the image has. */
export const PYTHON_VERSION = "3.11";
/** Wheels for a newer glibc than Debian 12's do not run. */
const NEWEST_GLIBC_MINOR = 36;
const OLDEST_GLIBC_MINOR = 5;

/**
 * Installs the wheels of a lock into a folder of the cache, for the platform of the image, and returns the folder. pip refuses a file
 * without the hash of the lock, and packages without a wheel: nothing of a package is run.
 */
export async function trainerPackages(progress: Progress, lock: string): Promise<string> {
  const hash = createHash("sha256").update(`${PYTHON_VERSION}\n${lock}`).digest("hex").slice(0, 20);
  const folder = cache("trainers", hash);
  if (await exists(folder)) return folder;
  return progress.step(`Fetch the Python packages of a trainer`, async (step) => {
    await ensurePip(progress);
    await mkdir(cache("trainers"), { recursive: true });
    const work = await mkdtemp(cache("trainers", ".partial-"));
    try {
      const requirements = join(work, "requirements.txt");
      await writeFile(requirements, lock);
      const wheels = join(work, "wheels");
      const fixed = ["--no-deps", "--only-binary=:all:", "--require-hashes", "-q", "-r", requirements];
      await pip(["download", ...fixed, ...platform(), "-d", wheels]);
      step.update("unpack the wheels");
      const target = join(work, "packages");
      await pip([
        "install",
        ...fixed,
        ...platform(),
        "--no-index",
        "--find-links",
        wheels,
        "--no-compile",
        "--target",
        target,
      ]);
      await rm(join(target, "bin"), { recursive: true, force: true }); // their first lines name the Python of this machine
      await rename(target, folder).catch(async (error: unknown) => {
        if (!(await exists(folder))) throw error; // else another run was faster and placed the same files
      });
      return folder;
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
}

async function pip(args: readonly string[]): Promise<void> {
  const env = { PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_NO_CACHE_DIR: "1", PIP_NO_INPUT: "1" };
  try {
    await runCommand("python3", ["-m", "pip", ...args], { env });
  } catch (error) {
    if (error instanceof CommandFailed) throw new Error(explainPip(error.output), { cause: error });
    throw error;
  }
}

/** Returns what pip says in the words of the lock. */
export function explainPip(output: string): string {
  const rule = `each package must have a wheel for Python ${PYTHON_VERSION} on linux x86_64`;
  const absent = /No matching distribution found for (\S+)/.exec(output)?.[1];
  if (absent !== undefined)
    return `trainer: ${TRAINER_LOCK_NAME}: ${rule}, got ${absent}, which has none; choose a version that has one`;
  const hash = /THESE PACKAGES DO NOT MATCH THE HASHES[\s\S]*?\n\s+(\S+==\S+)/.exec(output)?.[1];
  if (hash !== undefined)
    return `trainer: ${TRAINER_LOCK_NAME}: the file of ${hash} must have a hash of the lock, has another; write the lock again`;
  const lines = output.split("\n").filter((line) => line.startsWith("ERROR"));
  return `trainer: ${TRAINER_LOCK_NAME}: pip must be able to fetch its packages: ${(lines.at(-1) ?? output).slice(0, 500)}`;
}

const TRAINER_LOCK_NAME = "requirements.txt";

function platform(): string[] {
  const minors = Array.from(
    { length: NEWEST_GLIBC_MINOR - OLDEST_GLIBC_MINOR + 1 },
    (_, i) => NEWEST_GLIBC_MINOR - i,
  );
  const tags = [
    ...minors.map((minor) => `manylinux_2_${minor}_x86_64`),
    "manylinux2014_x86_64",
    "linux_x86_64",
  ];
  return [
    ...[
      "--python-version",
      PYTHON_VERSION,
      "--implementation",
      "cp",
      "--abi",
      "cp311",
      "--abi",
      "abi3",
      "--abi",
      "none",
    ],
    ...tags.flatMap((tag) => ["--platform", tag]),
  ];
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
