import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { ARCHITECTURES, type Architecture } from "../../components/platform/kubernetes/architecture.ts";
import { ConfigError } from "./config-error.ts";
import { PROJECT } from "./project-name.ts";
import type { StackConfig } from "./schema.ts";
import { hasDockerDaemon } from "./docker-daemon.ts";

/** The inputs of a build of the runtime image. */
export interface RuntimeBuild {
  /** Base image, by digest. */
  base: string;
  /** Folder with the staged build context. */
  context: string;
  /** Revision of the staged code: a hash of it. */
  revision: string;
  /** Processors for which the code is staged. */
  architecture: Architecture;
}

export interface RuntimeBuildOptions {
  /** Folder of relative paths. */
  root: string;
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
  { root, env, preview = false }: RuntimeBuildOptions,
): Promise<{ build?: RuntimeBuild; notice?: string }> {
  if (build === undefined) return {};
  if (!(await hasDockerDaemon(env)))
    return { notice: `no Docker daemon answers: the stack uses the runtime image that ${lockFile} names` };
  const context = resolve(root, build.context);
  const staged = await stagedCode(context);
  if (staged !== undefined) return { build: { base: build.base, context, ...staged } };
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
