import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { ConfigError } from "./config-error.ts";
import type { StackConfig } from "./config-schema.ts";
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
}

const manifestSchema = z.object({ revision: z.string().min(1) });

/**
 * The build that the config asks for, if a Docker daemon is there to do it; otherwise a sentence that says what is used
 * instead. Throws a ConfigError where there is a daemon and nothing was staged.
 */
export async function findRuntimeBuild(
  { build, lockFile }: StackConfig["images"],
  { root, env }: RuntimeBuildOptions,
): Promise<{ build?: RuntimeBuild; notice?: string }> {
  if (build === undefined) return {};
  if (!(await hasDockerDaemon(env)))
    return { notice: `no Docker daemon answers: the runtime image is the one that ${lockFile} names` };
  const context = resolve(root, build.context);
  return { build: { base: build.base, context, revision: await stagedRevision(context) } };
}

/** Staging leaves the revision of the code beside it. */
async function stagedRevision(context: string): Promise<string> {
  try {
    const text = await readFile(join(context, "dist/package.json"), "utf8");
    return manifestSchema.parse(JSON.parse(text)).revision;
  } catch {
    throw new ConfigError([
      `slipway:images.build.context: must be a folder with a staged build context, got ${context}; fill it first: npm run stage`,
    ]);
  }
}
