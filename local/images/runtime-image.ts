import { join } from "node:path";
import type { Progress } from "../progress.ts";
import { codeRevision } from "./code-revision.ts";
import type { ImageRecipe } from "./image-recipe.ts";
import { runtimeContext } from "./runtime-context.ts";

/** The image that runs every job of `slipway`. A commit that touches nothing in it leaves it as it is. */
export async function runtimeImage(progress: Progress, root: string): Promise<ImageRecipe> {
  const [context, revision] = await Promise.all([runtimeContext(progress, root), codeRevision(root)]);
  return {
    name: "runtime",
    dockerfile: join(root, "runtime/Dockerfile"),
    inputs: { context: context.key, revision },
    onBase: true,
    args: { REVISION: revision },
    async stage(folder) {
      await context.stage(folder, revision);
      return `revision ${revision}, ${context.source}`;
    },
  };
}
