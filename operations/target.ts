import { KubeConfig } from "@kubernetes/client-node";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { buildImages } from "../local/images/build-images.ts";
import { clusterAddons } from "../local/cluster/cluster-addons.ts";
import { clusterUp } from "../local/cluster/cluster-up.ts";
import { PATHS, REGISTRY_HOST } from "../local/cluster/layout.ts";
import type { Progress } from "../local/progress.ts";
import { credentialsFor } from "../runtime/artifacts/credentials.ts";
import { registryClient, type RegistryClient } from "../runtime/artifacts/registry-client.ts";

export interface TargetFlags {
  /** Context of the user's kubeconfig. @default - the local cluster */
  context?: string;
  /** `HOST/PREFIX` of the user's registry; goes with `context`. */
  registry?: string;
}

/** The cluster and the registry that a stack is deployed to. */
export interface Target {
  kube: KubeConfig;
  /** Whether it is the cluster that this machine runs for Slipway. */
  local: boolean;
  /** Path of the kubeconfig. @default - the user's own */
  kubeconfig?: string;
  registry: RegistryClient;
  /** Stack config that follows from it. */
  config: Record<string, string>;
}

/** Starts what of the local platform does not run, builds its images, and returns where it is. A user's own cluster is left as it is. */
export async function prepareTarget(flags: TargetFlags, progress: Progress): Promise<Target> {
  if (flags.context !== undefined) {
    const target = await findTarget(flags);
    await buildImages(progress, { registry: ownRegistry(flags) });
    return target;
  }
  const cluster = await clusterUp(progress);
  const { images } = await buildImages(progress, { registry: cluster.registry });
  const reference = (name: "pause" | "coredns"): string => {
    const image = images[name];
    if (image === undefined)
      throw new Error(`images.dev.lock.json has no image ${name}: delete it and run again`);
    return `${cluster.registry.host}/${image.repository}@${image.digest}`;
  };
  await clusterAddons(progress, cluster, { pause: reference("pause"), coredns: reference("coredns") });
  return findTarget(flags);
}

/** The cluster and registry as they are. Throws where there is no kubeconfig. */
export async function findTarget(flags: TargetFlags): Promise<Target> {
  const kube = new KubeConfig();
  if (flags.context === undefined) {
    const kubeconfig = PATHS.kubeconfig();
    const text = await readFile(kubeconfig, "utf8").catch(() => undefined);
    if (text === undefined) throw new Error("there is no local cluster: start one with npm run up");
    kube.loadFromString(text);
    const registry = { host: REGISTRY_HOST, url: `http://${REGISTRY_HOST}`, authFile: PATHS.registryAuth() };
    const defaults = process.env["SLIPWAY_HOME"] === undefined;
    const moved = { kind: "local", host: REGISTRY_HOST, credentialsFile: registry.authFile };
    return {
      kube,
      local: true,
      kubeconfig,
      registry: await connect(registry),
      config: defaults ? {} : { "slipway:registry": JSON.stringify(moved) },
    };
  }
  kube.loadFromDefault();
  if (kube.getContextObject(flags.context) === null)
    throw new Error(
      `--context ${flags.context}: your kubeconfig has ${
        kube
          .getContexts()
          .map(({ name }) => name)
          .join(", ") || "none"
      }`,
    );
  kube.setCurrentContext(flags.context);
  const registry = ownRegistry(flags);
  const [, prefix] = splitRegistry(registry.host);
  return {
    kube,
    local: false,
    registry: await connect(registry),
    config: {
      "slipway:cluster": JSON.stringify({ kind: "existing", context: flags.context }),
      "slipway:registry": JSON.stringify({
        kind: "existing",
        host: splitRegistry(registry.host)[0],
        ...(prefix === "" ? {} : { prefix }),
        credentialsFile: registry.authFile,
      }),
    },
  };
}

interface OwnRegistry {
  host: string;
  url: string;
  authFile: string;
}

function ownRegistry({ registry }: TargetFlags): OwnRegistry {
  if (registry === undefined)
    throw new Error(
      "--context goes with --registry HOST/PREFIX: images and models have to be where that cluster can pull them",
    );
  const dockerConfig = process.env["DOCKER_CONFIG"] ?? join(homedir(), ".docker");
  return { host: registry, url: `https://${registry}`, authFile: join(dockerConfig, "config.json") };
}

/** `host/some/prefix` → its host and its prefix. */
export function splitRegistry(registry: string): [host: string, prefix: string] {
  const slash = registry.indexOf("/");
  return slash < 0 ? [registry, ""] : [registry.slice(0, slash), registry.slice(slash + 1)];
}

async function connect({ url, authFile }: OwnRegistry): Promise<RegistryClient> {
  const text = await readFile(authFile, "utf8").catch(() => undefined);
  const credentials = text === undefined ? undefined : credentialsFor(text, new URL(url).host, authFile);
  return registryClient({ url, ...(credentials === undefined ? {} : { credentials }) });
}
