import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { z } from "zod";
import { ARCHITECTURES, type Architecture } from "../../components/platform/kubernetes/architecture.ts";
import { ConfigError } from "./config-error.ts";
import { PROJECT } from "./project-name.ts";
import type { StackConfig } from "./schema.ts";
import { hasDockerDaemon } from "./docker-daemon.ts";

const DOCKERFILE = "runtime/Dockerfile";

/**
 * The inputs of a build of the runtime image. Paths start at the program's folder, where the Docker provider runs: absolute ones would
 * differ from machine to machine, and each of them would build the image again.
 */
export interface RuntimeBuild {
  /** Base image, by digest. */
  base: string;
  /** Folder with the staged build context. */
  context: string;
  dockerfile: string;
  /** Revision of the staged code: a hash of it. */
  revision: string;
  /** Tag of the image: the revision, and a hash of the base and of the Dockerfile, because a registry may accept each tag only once. */
  tag: string;
  /** Processors for which the code is staged. */
  architecture: Architecture;
}

export interface RuntimeBuildOptions {
  /** Folder of the checkout, where the paths of the config start. */
  root: string;
  /** @default - the working folder of this process, which Pulumi sets */
  programFolder?: string;
  env: NodeJS.ProcessEnv;
  /** Whether this run is a preview, which needs no staged context. @default false */
  preview?: boolean;
}

const manifestSchema = z.object({
  revision: z.string().min(1),
  architecture: z.enum(ARCHITECTURES).default("amd64"),
});

/**
 * Returns the build of the config. If no Docker daemon answers, or a preview has no staged context, returns a notice that names the image
 * that the stack uses instead. Throws a ConfigError if a deployment has no staged context.
 */
export async function findRuntimeBuild(
  { build, lockFile }: Pick<StackConfig["images"], "build" | "lockFile">,
  { root, programFolder = process.cwd(), env, preview = false }: RuntimeBuildOptions,
): Promise<{ build?: RuntimeBuild; notice?: string }> {
  if (build === undefined) return {};
  if (!(await hasDockerDaemon(env)))
    return { notice: `no Docker daemon answers: the stack uses the runtime image that ${lockFile} names` };
  const context = resolve(root, build.context);
  const staged = await stagedCode(context);
  if (staged !== undefined) {
    const { base } = build;
    const dockerfile = join(root, DOCKERFILE);
    const recipe = createHash("sha256").update(
      JSON.stringify([base, staged.architecture, await readFile(dockerfile, "utf8")]),
    );
    const tag = `${staged.revision}-${recipe.digest("hex").slice(0, 12)}`;
    const fromProgram = (path: string): string => relative(programFolder, path);
    return {
      build: { base, context: fromProgram(context), dockerfile: fromProgram(dockerfile), tag, ...staged },
    };
  }
  if (preview)
    return {
      notice: `${build.context} has no staged build context: the plan has the runtime image that ${lockFile} names`,
    };
  throw new ConfigError([
    {
      path: `${PROJECT}:images.build.context`,
      message: `must be a folder with a staged build context, got ${context}`,
      fix: "fill it first: npm run stage",
    },
  ]);
}

/** Returns the revision and the architecture of the staged code; undefined where nothing is staged. */
async function stagedCode(context: string): Promise<z.infer<typeof manifestSchema> | undefined> {
  try {
    const text = await readFile(join(context, "dist/package.json"), "utf8");
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
