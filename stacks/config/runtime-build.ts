import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { ConfigError } from "./config-error.ts";
import { PROJECT } from "./project-name.ts";
import type { StackConfig } from "./schema.ts";
import { hasDockerDaemon } from "./docker-daemon.ts";

/** What the runtime image is built from. */
export interface RuntimeBuild {
  base: string;
  /** Folder with the staged build context. */
  context: string;
  /** Revision of the code in it. */
  revision: string;
}

export interface RuntimeBuildOptions {
  /** Folder that relative paths start at. */
  root: string;
  env: NodeJS.ProcessEnv;
  /** Whether nothing is deployed in this run: then nothing has to be staged. @default false */
  preview?: boolean;
}

const manifestSchema = z.object({ revision: z.string().min(1) });

/**
 * The build that the config asks for, if a Docker daemon is there to do it; otherwise a sentence that says what is used
 * instead. Where there is a daemon and nothing was staged, a preview does without; else that is a ConfigError.
 */
export async function findRuntimeBuild(
  { build, lockFile }: StackConfig["images"],
  { root, env, preview = false }: RuntimeBuildOptions,
): Promise<{ build?: RuntimeBuild; notice?: string }> {
  if (build === undefined) return {};
  if (!(await hasDockerDaemon(env)))
    return { notice: `no Docker daemon answers: the runtime image is the one that ${lockFile} names` };
  const context = resolve(root, build.context);
  const revision = await stagedRevision(context);
  if (revision !== undefined) return { build: { base: build.base, context, revision } };
  if (preview)
    return {
      notice: `nothing is staged in ${build.context}: planned with the runtime image that ${lockFile} names`,
    };
  throw new ConfigError([
    {
      path: `${PROJECT}:images.build.context`,
      message: `must be a folder with a staged build context, got ${context}`,
      fix: "fill it first: npm run stage",
    },
  ]);
}

/** Staging leaves the revision of the code beside it; undefined where nothing was staged. */
async function stagedRevision(context: string): Promise<string | undefined> {
  try {
    const text = await readFile(join(context, "dist/package.json"), "utf8");
    return manifestSchema.parse(JSON.parse(text)).revision;
  } catch {
    return undefined;
  }
}
