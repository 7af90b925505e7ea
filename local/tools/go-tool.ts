import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cache } from "../home.ts";
import type { Progress } from "../progress.ts";
import { runCommand } from "../run-command.ts";
import { ensureApt } from "./apt.ts";
import { goEnvironment, goToolchain, goVersion } from "./go-toolchain.ts";
import { KUBERNETES_PROGRAMS } from "./published-files.ts";

/** The tools, each built from the module in the folder of the same name, and their linker flags. */
const RECIPES = {
  kubernetes: {
    packages: KUBERNETES_PROGRAMS.map((program) => `k8s.io/kubernetes/cmd/${program}`),
    module: "k8s.io/kubernetes",
    // Without these two flags the API server reports v0.0.0, and clients that check its version refuse it.
    stamp: (version: string) =>
      ["k8s.io/component-base/version.gitVersion", "k8s.io/client-go/pkg/version.gitVersion"].map(
        (variable) => `-X ${variable}=${version}`,
      ),
  },
  etcd: {
    packages: ["go.etcd.io/etcd/server/v3"],
    module: "go.etcd.io/etcd/server/v3",
    stamp: () => [],
    program: "etcd",
  },
  coredns: {
    packages: ["github.com/coredns/coredns"],
    module: "github.com/coredns/coredns",
    stamp: () => [],
  },
  actionlint: {
    packages: ["github.com/rhysd/actionlint/cmd/actionlint"],
    module: "github.com/rhysd/actionlint",
    stamp: () => [],
  },
  minio: {
    packages: ["github.com/minio/minio"],
    module: "github.com/minio/minio",
    stamp: () => [],
  },
  pulumi: {
    packages: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
    module: "github.com/pulumi/pulumi/pkg/v3",
    stamp: (version) => [`-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${version}`],
  },
  "pulumi-kubernetes": {
    packages: ["."],
    module: "github.com/pulumi/pulumi-kubernetes/provider/v4",
    // The module has no release of its own: the number is that of the SDK beside which it runs.
    stamp: () => ["-X github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version=v4.34.2"],
    program: "pulumi-resource-kubernetes",
    embeds: {
      folder: "cmd/pulumi-resource-kubernetes",
      files: ["schema.json", "terraform-mapping.json"],
    },
  },
} as const satisfies Record<string, Recipe>;

interface Recipe {
  packages: readonly string[];
  /** Module whose version is the tool's version. */
  module: string;
  stamp: (version: string) => string[];
  /** Name of the program. @default - the last part of its package */
  program?: string;
  /** Files of the module that a main of our own embeds: the build lays them beside it. */
  embeds?: { folder: string; files: readonly string[] };
}

export type GoToolName = keyof typeof RECIPES;

export interface GoTool {
  /** Folder of the programs. */
  bin: string;
  /** Module and version that it was built from, such as `k8s.io/kubernetes@v1.35.4`. */
  source: string;
}

/**
 * Builds a tool from its pinned module and returns the folder of its programs. The cache is keyed by the pins, the recipe and Go's
 * version. If the build fails, throws with the last lines and the path of the log.
 */
export async function goTool(progress: Progress, name: GoToolName): Promise<GoTool> {
  const recipe: Recipe = RECIPES[name];
  const source = join(import.meta.dirname, name);
  const version = await goToolVersion(name);
  return progress.step(`Build ${name} ${version}`, async (step) => {
    const found = await findGoTool(name);
    if (found !== undefined) {
      step.cached();
      return found;
    }
    const toolchain = await goToolchain(progress);
    const flags = buildFlags(recipe, version);
    const key = await cacheKey(name, flags, toolchain.version);
    const bin = cache("tools", name, key, "bin");
    await ensureApt(progress, ["ca-certificates", "git"], "Go fetches modules");
    await mkdir(cache("tools", name), { recursive: true });
    const work = await mkdtemp(cache("tools", name, ".partial-"));
    try {
      const output = join(work, "bin") + "/";
      await mkdir(output);
      const log = cache("logs", `build-${name}.log`);
      const one = recipe.program === undefined ? output : join(output, recipe.program);
      step.update(`compiling, several minutes the first time (log: ${log})`);
      const overlay = await overlayFlags(toolchain.go, recipe, source, work);
      let compiled = 0; // `-v` prints one line for each package that is not in Go's cache
      await runCommand(
        toolchain.go,
        ["build", "-v", "-mod=readonly", ...overlay, ...flags, "-o", one, ...recipe.packages],
        {
          cwd: source,
          env: goEnvironment(),
          log,
          onLine: () => {
            if (++compiled % 250 === 0) step.update(`${compiled} packages`);
          },
        },
      );
      await mkdir(cache("tools", name, key), { recursive: true });
      await rename(join(work, "bin"), bin).catch(async (error: unknown) => {
        if (!(await exists(bin))) throw error; // else another run was faster and built the same
      });
      return { bin, source: `${recipe.module}@${version}` };
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
}

/** Returns a tool if it was built before, without building it or downloading Go. */
export async function findGoTool(name: GoToolName): Promise<GoTool | undefined> {
  const version = await goToolVersion(name);
  const key = await cacheKey(name, buildFlags(RECIPES[name], version), await goVersion());
  const bin = cache("tools", name, key, "bin");
  return (await exists(bin)) ? { bin, source: `${RECIPES[name].module}@${version}` } : undefined;
}

/** Returns the pinned version of a tool. */
export async function goToolVersion(name: GoToolName): Promise<string> {
  const goMod = await readFile(join(import.meta.dirname, name, "go.mod"), "utf8");
  return moduleVersion(goMod, RECIPES[name].module);
}

function buildFlags(recipe: Recipe, version: string): string[] {
  return ["-trimpath", "-ldflags", ["-s", "-w", ...recipe.stamp(version)].join(" ")];
}

async function cacheKey(name: GoToolName, flags: readonly string[], goVersion: string): Promise<string> {
  const source = join(import.meta.dirname, name);
  const goMod = await readFile(join(source, "go.mod"), "utf8");
  return createHash("sha256")
    .update(JSON.stringify([goMod, RECIPES[name].packages, flags, goVersion]))
    .update(await readFile(join(source, "go.sum")))
    .update(await readFile(join(source, "main.go")).catch(() => ""))
    .digest("hex")
    .slice(0, 16);
}

/** Flags by which the build sees files of a module in the folder of our main. */
async function overlayFlags(go: string, recipe: Recipe, source: string, work: string): Promise<string[]> {
  const { embeds, module } = recipe;
  if (embeds === undefined) return [];
  const run = { cwd: source, env: goEnvironment() };
  await runCommand(go, ["mod", "download", module], run);
  const folder = (await runCommand(go, ["list", "-m", "-f", "{{.Dir}}", module], run)).trim();
  const replace = embeds.files.map((file) => [join(source, file), join(folder, embeds.folder, file)]);
  const path = join(work, "overlay.json");
  await writeFile(path, JSON.stringify({ Replace: Object.fromEntries(replace) as Record<string, string> }));
  return ["-overlay", path];
}

/** Returns the version of a module that a go.mod requires. */
export function moduleVersion(goMod: string, module: string): string {
  const version = new RegExp(`^(?:require\\s+)?\\s*${module.replaceAll(".", "\\.")} (v\\S+)`, "m").exec(
    goMod,
  )?.[1];
  if (version === undefined) throw new Error(`go.mod must require ${module}`);
  return version;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
