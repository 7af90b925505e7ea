import { mkdir } from "node:fs/promises";
import { cache } from "../home.ts";
import type { Progress } from "../progress.ts";
import { runCommand } from "../run-command.ts";
import { ensureApt } from "../tools/apt.ts";
import { SOURCE_DATE_EPOCH } from "./pins.ts";

export interface BuildOptions {
  dockerfile: string;
  /** Folder that COPY reads. */
  context: string;
  /** Name of the image in buildah's own storage. */
  tag: string;
  /** Build arguments by name. */
  args: Readonly<Record<string, string>>;
}

/** Builds images from Dockerfiles without a daemon. Between calls nothing is mounted or running. */
export interface Buildah {
  has(tag: string): Promise<boolean>;
  build(options: BuildOptions): Promise<void>;
  /** Writes the image to a new folder: `manifest.json`, and each blob named by its digest's hex. */
  export(tag: string, folder: string): Promise<void>;
  /** Removes the other tags of an image from buildah's storage, with their own layers. */
  removeOthers(image: string, tag: string): Promise<void>;
}

export async function buildah(progress: Progress): Promise<Buildah> {
  await ensureApt(progress, ["buildah"], "container images are built with it");
  const folder = (name: string): string => cache("images", "buildah", name);
  for (const name of ["storage", "run", "tmp"]) await mkdir(folder(name), { recursive: true });
  const at = ["--root", folder("storage"), "--runroot", folder("run")];
  const log = cache("logs", "buildah.log");
  const call = (driver: readonly string[], args: readonly string[]): Promise<string> =>
    runCommand("buildah", [...at, ...driver, ...args], { env: { TMPDIR: folder("tmp") }, log });
  const driver = await storageDriver((candidate) => call(candidate, ["images", "--quiet"]));
  const run = (...args: string[]): Promise<string> => call(driver, args);
  return {
    has: (tag) =>
      run("inspect", "--type", "image", "--format", "{{.FromImageID}}", tag).then(
        () => true,
        () => false,
      ),
    async build({ dockerfile, context, tag, args }) {
      const buildArgs = Object.entries(args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
      const fixed = ["--format", "oci", "--isolation", "chroot", "--layers", "--pull-never", "--quiet"];
      const reproducible = ["--timestamp", String(SOURCE_DATE_EPOCH), "--identity-label=false"];
      await run("bud", ...fixed, ...reproducible, ...buildArgs, "--file", dockerfile, "--tag", tag, context);
    },
    async export(tag, target) {
      // Uncompressed: over loopback, compression takes longer than it saves, and layers keep their digests.
      await run("push", "--quiet", "--disable-compression", tag, `dir:${target}`);
    },
    async removeOthers(image, tag) {
      const tags = (await run("images", "--format", "{{.Name}}:{{.Tag}}")).trim().split("\n");
      const others = tags.filter((name) => name.startsWith(`${image}:`) && name !== `${image}:${tag}`);
      if (others.length > 0) await run("rmi", ...others);
    },
  };
}

/** Returns the overlay storage driver if the kernel and the file system allow it, else the one that copies. */
async function storageDriver(
  probe: (flags: readonly string[]) => Promise<unknown>,
): Promise<readonly string[]> {
  // Without skip_mount_home the storage folder itself stays mounted after the program has ended.
  const overlay = ["--storage-driver", "overlay", "--storage-opt", "overlay.skip_mount_home=true"];
  try {
    await probe(overlay);
    return overlay;
  } catch {
    return ["--storage-driver", "vfs"];
  }
}
