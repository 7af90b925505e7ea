// Fills a folder with the build context of runtime/Dockerfile, for those who build it with Docker:
//   node --import tsx local/images/stage-runtime.ts <folder>
import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { lineProgress } from "../progress.ts";
import { codeRevision } from "./code-revision.ts";
import { runtimeContext } from "./runtime-context.ts";

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error("stage-runtime: must be given a folder: stage-runtime.ts <folder>");
const progress = lineProgress();
await progress.step(`Stage the runtime's build context in ${target}`, async () => {
  await mkdir(resolve(target), { recursive: true });
  const root = dirname(dirname(import.meta.dirname));
  const context = await runtimeContext(progress, root);
  await context.stage(resolve(target), await codeRevision(root));
});
