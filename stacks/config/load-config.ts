import * as pulumi from "@pulumi/pulumi";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { parseImagesLock, type ImagesLock } from "../../components/platform/registry/images-lock.ts";
import { credentialsFor } from "../../runtime/artifacts/credentials.ts";
import { ConfigError } from "./config-error.ts";
import { commandFor, missingFile } from "./missing-file.ts";
import { parseConfig, toProblem, type ParseOptions } from "./parse-config.ts";
import { PROJECT } from "./project-name.ts";
import { readStackFile } from "./stack-file.ts";
import { UserError } from "./user-error.ts";
import { workloadModels } from "./workload-models.ts";
import type { StackConfig } from "./schema.ts";
import { registryUrl } from "./registry-url.ts";
import { supplyImages } from "./supply-images.ts";
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
  /** Sentences for the person who runs the stack. */
  notices?: string[];
}

/** Reads the config of the running stack and the files that it names. Throws a ConfigError that lists every fault. */
export async function loadConfig(env: NodeJS.ProcessEnv): Promise<PlatformConfig> {
  const root = pulumi.runtime.getRootDirectory();
  const name = `Pulumi.${pulumi.getStack()}.yaml`;
  const text = await readFile(resolve(root, name), "utf8").catch(() => undefined);
  const secretKeys = parseSecretKeys(env["PULUMI_CONFIG_SECRET_KEYS"]);
  const source = text === undefined ? undefined : { name, file: readStackFile(text, PROJECT) };
  const config = parseConfig(pulumi.runtime.allConfig(), {
    workloads: await workloadModels(),
    isSecret: ([key = ""]) => secretKeys.has(`${PROJECT}:${key}`),
    source,
  });
  return readFiles(config, root, {
    env,
    preview: pulumi.runtime.isDryRun(),
    source,
    stack: pulumi.getStack(),
  });
}

/** Parses the JSON list of keys whose values contain a secret. */
function parseSecretKeys(list = "[]"): ReadonlySet<string> {
  return new Set(z.array(z.string()).parse(JSON.parse(list)));
}

interface RunOfConfig {
  /** Says where the Docker daemon is. */
  env: NodeJS.ProcessEnv;
  /** @default false */
  preview?: boolean;
  /** The file that the config is from, for the lines of problems. @default - problems have keys alone */
  source?: ParseOptions["source"];
  /** Name of the stack, for the commands in messages. @default "STACK" */
  stack?: string;
}

/** Reads the files that the config names; relative paths start at `root`. Throws a ConfigError where one cannot be read. */
export async function readFiles(
  config: StackConfig,
  root: string,
  run: RunOfConfig = { env: {} },
): Promise<PlatformConfig> {
  const { registry, images, cluster, ...rest } = config;
  const { source, stack = "STACK" } = run;
  const read = async (
    key: readonly [string, "lockFile" | "credentialsFile" | "readCredentialsFile"],
    path: string,
  ): Promise<string> => {
    try {
      return await readFile(resolve(root, path), "utf8");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const fix = commandFor(key[1], { registryKind: registry.kind, stack });
      const fault = await missingFile({ key, path, fix }, root, code);
      throw new ConfigError([toProblem(fault, source)], source?.name);
    }
  };
  const lock = await read(["images", "lockFile"], images.lockFile);
  const url = registryUrl(config);
  const { host } = new URL(url);
  const readCredentials = async (
    key: "credentialsFile" | "readCredentialsFile",
  ): Promise<string | undefined> => {
    const file = key in registry ? (registry as Partial<Record<typeof key, string>>)[key] : undefined;
    if (file === undefined) return undefined;
    const text = await read(["registry", key], file);
    // Parsed here for its faults: they belong to the config, not to whoever uses it first.
    credentialsFor(text, host, `${PROJECT}:registry.${key}`);
    return text;
  };
  const [dockerConfig, readDockerConfig] = [
    await readCredentials("credentialsFile"),
    await readCredentials("readCredentialsFile"),
  ];
  const { env, preview = false } = run;
  const { build, notice } = await findRuntimeBuild(images, { root, env, preview });
  const supplied = supplyImages(parseLock(lock, images.lockFile), config, {
    preview,
    buildsRuntime: build !== undefined,
  });
  return {
    ...rest,
    runtimeBuild: build,
    notices: [...(notice === undefined ? [] : [notice]), ...supplied.notices],
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
    images: supplied.images,
  };
}

function parseLock(text: string, file: string): ImagesLock {
  try {
    return parseImagesLock(text, file);
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
