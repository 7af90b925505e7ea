import * as pulumi from "@pulumi/pulumi";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseImagesLock, type ImagesLock } from "../../components/platform/registry/images-lock.ts";
import { ConfigError, describeIssues } from "./config-error.ts";
import { configSchema, SECRET_PATHS, type StackConfig } from "./schema.ts";
import { parseDockerConfig } from "./docker-config.ts";
import { registryUrl } from "./registry-url.ts";
import { findRuntimeBuild, type RuntimeBuild } from "./runtime-build.ts";

const PROJECT = "slipway";

/** The stack config, with the files that it names read. */
export interface PlatformConfig extends Omit<StackConfig, "registry" | "images"> {
  registry: {
    kind: StackConfig["registry"]["kind"];
    /** Base URL, with the prefix. */
    url: string;
    /** Text of a Docker `config.json`. Wrap it in `pulumi.secret` before a resource gets it. */
    dockerConfig: string | undefined;
  };
  images: ImagesLock;
  /** What to build the runtime image from. @default - nothing: the lock has its digest */
  runtimeBuild?: RuntimeBuild | undefined;
  /** What the reader of the config has to tell whoever runs the stack. */
  notices?: string[];
}

/** Reads the config of the running stack and the files that it names. Throws a ConfigError that lists every fault. */
export async function loadConfig(env: NodeJS.ProcessEnv): Promise<PlatformConfig> {
  const preview = pulumi.runtime.isDryRun();
  return readFiles(parseConfig(pulumi.runtime.allConfig()), pulumi.runtime.getRootDirectory(), {
    env,
    preview,
  });
}

/**
 * Parses config as Pulumi hands it over: keys with their namespace, objects as JSON. Other namespaces are none of our
 * business. Throws a ConfigError.
 */
export function parseConfig(raw: Readonly<Record<string, string>>): StackConfig {
  const own = Object.entries(raw).filter(([key]) => key.startsWith(`${PROJECT}:`));
  const config = Object.fromEntries(
    own.map(([key, text]) => [key.slice(PROJECT.length + 1), fromJson(text)] as const),
  );
  const parsed = configSchema.safeParse(config);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    describeIssues(parsed.error.issues, {
      project: PROJECT,
      schema: configSchema,
      config,
      secretPaths: SECRET_PATHS,
    }),
  );
}

/** Reads the files that the config names; relative paths start at `root`, and a Docker daemon is where `run.env` says. */
export async function readFiles(
  config: StackConfig,
  root: string,
  run: { env: NodeJS.ProcessEnv; preview?: boolean } = { env: {} },
): Promise<PlatformConfig> {
  const { registry, images, cluster, ...rest } = config;
  const lock = await readNamed(
    resolve(root, images.lockFile),
    "images.lockFile",
    "build or mirror the images",
  );
  const file = "credentialsFile" in registry ? registry.credentialsFile : undefined;
  const dockerConfig =
    file === undefined
      ? undefined
      : await readNamed(resolve(root, file), "registry.credentialsFile", "start the registry");
  if (dockerConfig !== undefined) parseDockerConfig(dockerConfig, `${PROJECT}:registry.credentialsFile`);
  const { build, notice } = await findRuntimeBuild(images, { root, ...run });
  return {
    ...rest,
    runtimeBuild: build,
    notices: notice === undefined ? [] : [notice],
    cluster:
      cluster.kind === "existing" && cluster.kubeconfig !== undefined
        ? { ...cluster, kubeconfig: resolve(root, cluster.kubeconfig) }
        : cluster,
    registry: { kind: registry.kind, url: registryUrl(config), dockerConfig },
    images: parseImagesLock(lock, images.lockFile),
  };
}

async function readNamed(path: string, key: string, fix: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new ConfigError([
      `${PROJECT}:${key}: must name a file that can be read, got ${path} (${code}); ${fix} first: \`npm run up\` does`,
    ]);
  }
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
