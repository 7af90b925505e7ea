import * as pulumi from "@pulumi/pulumi";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { parseImagesLock, type ImagesLock } from "../../components/platform/registry/images-lock.ts";
import { credentialsFor } from "../../runtime/artifacts/credentials.ts";
import { ConfigError } from "./config-error.ts";
import { parseConfig } from "./parse-config.ts";
import { PROJECT } from "./project-name.ts";
import { readStackFile } from "./stack-file.ts";
import { workloadModels } from "./workload-models.ts";
import type { StackConfig } from "./schema.ts";
import { registryUrl } from "./registry-url.ts";
import { findRuntimeBuild, type RuntimeBuild } from "./runtime-build.ts";

/** The stack config with the contents of the files that it names. */
export interface PlatformConfig extends Omit<StackConfig, "registry" | "images"> {
  registry: {
    kind: StackConfig["registry"]["kind"];
    /** Base URL with the prefix of repositories. */
    url: string;
    /** Text of a Docker `config.json`. Wrap it in `pulumi.secret` before a resource gets it. */
    dockerConfig: string | undefined;
    /** `config.json` of an account that may only read. @default - `dockerConfig` */
    readDockerConfig?: string | undefined;
  };
  images: ImagesLock;
  /** Settings to build the runtime image. @default - none: the lock file has the digest of the image */
  runtimeBuild?: RuntimeBuild | undefined;
  /** Messages for the person who runs the stack. */
  notices?: string[];
}

/** Reads the config of the running stack and the files that it names. Throws a ConfigError that lists every fault. */
export async function loadConfig(env: NodeJS.ProcessEnv): Promise<PlatformConfig> {
  const root = pulumi.runtime.getRootDirectory();
  const name = `Pulumi.${pulumi.getStack()}.yaml`;
  const text = await readFile(resolve(root, name), "utf8").catch(() => undefined);
  const secretKeys = parseSecretKeys(env["PULUMI_CONFIG_SECRET_KEYS"]);
  const config = parseConfig(pulumi.runtime.allConfig(), {
    workloads: await workloadModels(),
    isSecret: ([key = ""]) => secretKeys.has(`${PROJECT}:${key}`),
    source: text === undefined ? undefined : { name, file: readStackFile(text, PROJECT) },
  });
  return readFiles(config, root, { env, preview: pulumi.runtime.isDryRun() });
}

/** Parses the JSON list of keys whose values contain a secret. */
function parseSecretKeys(list = "[]"): ReadonlySet<string> {
  return new Set(z.array(z.string()).parse(JSON.parse(list)));
}

/** Reads the files that the config names. Relative paths start at `root`. `run.env` has the variables that locate a Docker daemon. */
export async function readFiles(
  config: StackConfig,
  root: string,
  run: { env: NodeJS.ProcessEnv; preview?: boolean } = { env: {} },
): Promise<PlatformConfig> {
  const { registry, images, cluster, ...rest } = config;
  const lock = await readConfigured(
    resolve(root, images.lockFile),
    "images.lockFile",
    "build or mirror the images",
  );
  const url = registryUrl(config);
  const { host } = new URL(url);
  const readCredentials = async (
    key: "credentialsFile" | "readCredentialsFile",
  ): Promise<string | undefined> => {
    const file = key in registry ? (registry as Partial<Record<typeof key, string>>)[key] : undefined;
    if (file === undefined) return undefined;
    const text = await readConfigured(
      resolve(root, file),
      `registry.${key}`,
      "start the registry, or log in to it,",
    );
    // Parsed here so that a fault is reported as one of the config.
    credentialsFor(text, host, `${PROJECT}:registry.${key}`);
    return text;
  };
  const [dockerConfig, readDockerConfig] = [
    await readCredentials("credentialsFile"),
    await readCredentials("readCredentialsFile"),
  ];
  const { build, notice } = await findRuntimeBuild(images, { root, ...run });
  return {
    ...rest,
    runtimeBuild: build,
    notices: notice === undefined ? [] : [notice],
    cluster:
      cluster.kind === "existing" && cluster.kubeconfig !== undefined
        ? { ...cluster, kubeconfig: resolve(root, cluster.kubeconfig) }
        : cluster,
    registry: {
      kind: registry.kind,
      url,
      dockerConfig,
      ...(readDockerConfig === undefined ? {} : { readDockerConfig }),
    },
    images: parseImagesLock(lock, images.lockFile),
  };
}

async function readConfigured(path: string, key: string, fix: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new ConfigError([
      {
        path: `${PROJECT}:${key}`,
        message: `must name a file that can be read, got ${path} (${code})`,
        fix: `${fix} first, as \`npm run up\` does`,
      },
    ]);
  }
}
