import { chmod, mkdir, mkdtemp, readdir, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { runtimeContext } from "../../local/images/runtime-context.ts";
import { lineProgress } from "../../local/progress.ts";
import { ROOT } from "../../operations/root.ts";
import { WrongRequest } from "../../operations/wrong-request.ts";

/**
 * Writes the build context of runtime/Dockerfile to a folder, for a stack that builds the image with Docker. The folder gets all of it,
 * or nothing.
 *
 * @param options.out - a new or an empty folder. @default - `dist/runtime-context`, which is replaced
 */
export async function stage({ out, arch }: { out?: string | undefined; arch: string }): Promise<void> {
  const folder = out === undefined ? join(ROOT, "dist/runtime-context") : await emptyFolder(resolve(out));
  await lineProgress().step(`Stage the runtime's build context in ${folder}`, async () => {
    await mkdir(dirname(folder), { recursive: true });
    const unfinished = await mkdtemp(join(dirname(folder), `.${basename(folder)}-`));
    try {
      const context = await runtimeContext(lineProgress(), ROOT, arch === "arm64" ? "arm64" : "x64");
      await context.stage(unfinished);
      await chmod(unfinished, 0o755);
      if (out === undefined) await rm(folder, { recursive: true, force: true });
      await rename(unfinished, folder); // fails where somebody has filled the folder in the meantime
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  });
}

/** Returns the path of a folder that is empty or not there, without links. Throws a WrongRequest for all else. */
async function emptyFolder(folder: string): Promise<string> {
  try {
    if ((await readdir(folder)).length > 0)
      throw new WrongRequest(`--out: must be a new or an empty folder, got ${folder}`);
    return await realpath(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return folder;
    if (code === "ENOTDIR") throw new WrongRequest(`--out ${folder}: must be a folder, a file is there`);
    throw error;
  }
}
