import { join } from "node:path";
import type { Progress } from "../progress.ts";
import { codeRevision } from "./code-revision.ts";
import type { ImageRecipe } from "./image-recipe.ts";
import { runtimeContext } from "./runtime-context.ts";

/** Returns the recipe of the image that runs every job of `slipway`. The same sources give the same image at any commit. */
export async function runtimeImage(progress: Progress, root: string): Promise<ImageRecipe> {
  const [context, commit] = await Promise.all([runtimeContext(progress, root), codeRevision(root)]);
  return {
    name: "runtime",
    dockerfile: join(root, "runtime/Dockerfile"),
    inputs: { context: context.key },
    onBase: true,
    args: { REVISION: context.key },
    commit,
    async stage(folder) {
      await context.stage(folder);
      return context.source;
    },
  };
}
