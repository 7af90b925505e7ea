import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../progress.ts";
import { runCommand } from "../run-command.ts";
import { clusterPrograms } from "../tools/cluster-programs.ts";
import { goEnvironment, goToolchain, goVersion } from "../tools/go-toolchain.ts";
import { inputFile } from "./content-key.ts";
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

/** Returns the recipe of the pause image: the process that holds a pod's namespaces, from `pause/main.go`. */
export async function pauseImage(progress: Progress): Promise<ImageRecipe> {
  const folder = join(import.meta.dirname, "pause");
  const version = await goVersion();
  return {
    name: "pause",
    dockerfile: join(folder, "Dockerfile"),
    inputs: {
      program: await inputFile(join(folder, "main.go")),
      module: await inputFile(join(folder, "go.mod")),
      go: version,
    },
    onBase: false,
    async stage(context) {
      const toolchain = await goToolchain(progress);
      const flags = ["-trimpath", "-ldflags=-s -w"];
      await runCommand(toolchain.go, ["build", ...flags, "-o", join(context, "pause"), "."], {
        cwd: folder,
        env: goEnvironment(),
      });
      return `go local/images/pause with ${toolchain.version}`;
    },
  };
}
