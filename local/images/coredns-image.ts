import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../progress.ts";
import { clusterPrograms } from "../tools/cluster-programs.ts";
import type { ImageRecipe } from "./image-recipe.ts";

/** Returns the recipe of CoreDNS, with the program that `local/tools` downloads or builds. */
export async function corednsImage(progress: Progress): Promise<ImageRecipe> {
  const { bin, key, source } = (await clusterPrograms(progress, ["coredns"])).coredns;
  const program = join(bin, "coredns");
  return {
    name: "coredns",
    dockerfile: join(import.meta.dirname, "coredns/Dockerfile"),
    inputs: { program: key },
    onBase: true,
    async stage(context) {
      await copyFile(program, join(context, "coredns"));
      return source;
    },
  };
}
