import * as pulumi from "@pulumi/pulumi";
import { resolve } from "node:path";
import { z } from "zod";
import type { ImagesLock } from "../../components/platform/registry/images-lock.ts";
import { credentialsFor } from "../../runtime/artifacts/credentials.ts";
import { builtPlatformFault, imagePlatformFault } from "./check-image-platforms.ts";
import { ConfigError } from "./config-error.ts";
import type { ConfigSource } from "./config-source.ts";
import { readLock, readNamedFile, type FileKey } from "./named-file.ts";
import { foundationImages } from "./foundation-images.ts";
import { imageUpstreams } from "./image-upstreams.ts";
import { parseConfig, toProblem } from "./parse-config.ts";
import { PROJECT } from "./project-name.ts";
import { readStackText } from "./read-stack-text.ts";
import { readStackFile } from "./stack-file.ts";
import { UserError } from "./user-error.ts";
import { workloadModels } from "./workload-models.ts";
import { ownValues, readFoundationFile, stackFileName } from "./foundation-file.ts";
import type { FoundationStackConfig, StackConfig } from "./schema.ts";
import { registryUrl } from "./registry-url.ts";
import type { UpstreamSecrets } from "./schema/registry.ts";
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
  /** Name of the stack of the foundation. @default - the cluster exists already */
  foundation?: string | undefined;
}

/** The config of a foundation, with the contents of its lock file. */
export interface FoundationConfig extends Pick<FoundationStackConfig, "cluster" | "cloud"> {
  registry: { url: string; upstreamSecrets?: UpstreamSecrets | undefined };
  images: ImagesLock;
  /** Sentences for the person who runs the stack. */
  notices?: string[];
}

/** The config of the running stack. */
export type LoadedConfig =
  { layer: "foundation"; config: FoundationConfig } | { layer: "platform"; config: PlatformConfig };

/** Reads the config of the running stack and the files that it names. Throws a ConfigError that lists every fault. */
export async function loadConfig(env: NodeJS.ProcessEnv): Promise<LoadedConfig> {
  const root = pulumi.runtime.getRootDirectory();
  const stack = pulumi.getStack();
  const name = stackFileName(stack);
  const text = await readStackText(resolve(root, name)).catch(() => undefined);
  const secretKeys = parseSecretKeys(env["PULUMI_CONFIG_SECRET_KEYS"]);
  const raw = pulumi.runtime.allConfig();
  const foundation = await readFoundationFile(root, ownValues(raw));
  const source =
    text === undefined
      ? undefined
      : { name, file: readStackFile(text, PROJECT), foundation: foundation?.source };
  const parsed = parseConfig(raw, {
    workloads: await workloadModels(),
    isSecret: ([key = ""]) => secretKeys.has(`${PROJECT}:${key}`),
    source,
    foundation,
  });
  const run = { env, preview: pulumi.runtime.isDryRun(), source, stack };
  if (parsed.layer === "platform") {
    const { config, foundation: foundationStack } = parsed;
    return {
      layer: "platform",
      config: { ...(await readFiles(config, root, run)), foundation: foundationStack },
    };
  }
  const { cluster, cloud, registry, images } = parsed.config;
  const lock = await readLock(images.lockFile, root, { ...run, registryKind: registry.kind });
  const buildsRuntime = images.build !== undefined;
  refuseWrongPlatforms(lock, parsed.config, { buildsRuntime, stack, source });
  const supplied = foundationImages(lock, parsed.config, {
    preview: run.preview,
    buildsRuntime,
    stack,
    upstreams: await imageUpstreams(root),
  });
  return {
    layer: "foundation",
    config: {
      cluster,
      cloud,
      registry: {
        url: registryUrl({ cluster, cloud, registry }),
        upstreamSecrets: registry.kind === "ecr" ? registry.upstreamSecrets : undefined,
      },
      ...supplied,
    },
  };
}

/** Throws a ConfigError where a pool has machines for which an image has no build. */
function refuseWrongPlatforms(
  lock: ImagesLock,
  config: Parameters<typeof imagePlatformFault>[1],
  { source, ...options }: Parameters<typeof imagePlatformFault>[2] & { source: ConfigSource | undefined },
): void {
  const fault = imagePlatformFault(lock, config, options);
  if (fault === undefined) return;
  const inFoundation = source?.foundation !== undefined;
  throw new ConfigError([toProblem({ ...fault, inFoundation }, source)], source?.name);
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
  /** The files that the config is from, for the lines of problems. @default - problems have keys alone */
  source?: ConfigSource | undefined;
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
  const read = (key: FileKey, path: string): Promise<string> =>
    readNamedFile(key, path, root, { source, stack, registryKind: registry.kind });
  const lock = await readLock(images.lockFile, root, { source, stack, registryKind: registry.kind });
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
  const buildFault = build && builtPlatformFault(config, { built: build.architecture, stack });
  if (buildFault !== undefined) throw new UserError(`${PROJECT}:images.build ${buildFault}`);
  const buildsRuntime = build !== undefined;
  refuseWrongPlatforms(lock, config, { buildsRuntime, stack, source });
  const supplied = supplyImages(lock, config, {
    preview,
    buildsRuntime,
    stack,
    upstreams: await imageUpstreams(root),
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
