import { mkdir, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { runtimeContext } from "../../local/images/runtime-context.ts";
import { lineProgress } from "../../local/progress.ts";
import { ROOT } from "../../operations/root.ts";
import { WrongRequest } from "../../operations/wrong-request.ts";

/** Writes the build context of runtime/Dockerfile to a folder, for a stack that builds the image with Docker. */
export async function stage({ out, arch }: { out?: string | undefined; arch: string }): Promise<void> {
  const folder = out === undefined ? join(ROOT, "dist/runtime-context") : resolve(out);
  if (out !== undefined && (await readdir(folder).catch(() => [])).length > 0)
    throw new WrongRequest(`--out: must be a new or an empty folder, got ${folder}`);
  await lineProgress().step(`Stage the runtime's build context in ${folder}`, async () => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const context = await runtimeContext(lineProgress(), ROOT, arch === "arm64" ? "arm64" : "x64");
    await context.stage(folder);
  });
}
