import * as pulumi from "@pulumi/pulumi";
import { Environment } from "../components/platform/environment.ts";
import { FeatureStore } from "../components/platform/features/feature-store.ts";
import { ManagedFeatureStore } from "../components/platform/features/managed-feature-store.ts";
import type { OnlineStore } from "../components/platform/features/online-store.ts";
import type { Registry } from "../components/platform/registry/registry.ts";
import { RuntimeImage } from "../components/platform/registry/runtime-image.ts";
import { artifactRepositories } from "./config/artifact-repositories.ts";
import type { PlatformConfig } from "./config/load-config.ts";
import { runtimeRepository } from "./config/runtime-repository.ts";
import { externalSecrets, type StackSecrets } from "./external-secrets.ts";
import type { Connected, Foundation } from "./foundation/foundation.ts";

/** What every part of the platform uses. */
export interface Shared {
  /** Options of every component: the cluster. */
  opts: pulumi.ComponentResourceOptions;
  /** The registry, and what the cloud gives besides. */
  cloud: Connected;
  /** The namespace in which jobs train. */
  platform: Environment;
  /** The namespace of Prometheus and what goes with it. */
  monitoringNamespace: Environment;
  /** The namespaces that serve, in the order of the config. */
  environments: readonly Environment[];
  /** The runtime image, by digest. */
  image: pulumi.Input<string>;
  featureStore: OnlineStore;
  secrets: StackSecrets;
}

/** Makes the namespaces, and what the parts of the platform share. */
export async function shared(config: PlatformConfig, foundation: Foundation): Promise<Shared> {
  const { url: registryUrl, dockerConfig, readDockerConfig } = config.registry;
  const opts = { provider: foundation.kubernetes };
  const repositories = await artifactRepositories(config.environments);

  const platform = new Environment("platform", { registryUrl }, opts);
  const monitoringNamespace = new Environment("monitoring", { registryUrl }, opts);
  const environments = Object.entries(config.environments).map(
    ([name, { quota }]) => new Environment(name, { registryUrl, ...quota }, opts),
  );
  const all = [platform, monitoringNamespace, ...environments];
  const cloud = foundation.connect({
    url: registryUrl,
    dockerConfig,
    readDockerConfig,
    images: config.images,
    environments: all,
    repositories,
  });
  const secrets = externalSecrets(
    { config: config.secrets, cloud: config.cloud, environments: all, connected: cloud },
    opts,
  );
  return {
    opts,
    cloud,
    platform,
    monitoringNamespace,
    environments,
    image: runtimeImage(config, cloud.registry),
    featureStore: featureStore(config, { cloud, platform, environments, opts }),
    secrets,
  };
}

function featureStore(
  { featureStore: settings }: PlatformConfig,
  { cloud, platform, environments, opts }: Pick<Shared, "cloud" | "platform" | "environments" | "opts">,
): OnlineStore {
  const { registry, redis } = cloud;
  if (redis !== undefined)
    return new ManagedFeatureStore("feature-store", { ...redis, clients: [platform, ...environments] }, opts);
  const image = registry.image("redis");
  return new FeatureStore(
    "feature-store",
    { environment: platform, trainers: [platform], servers: environments, registry, image, ...settings },
    opts,
  );
}

/** The image of every job and server: built in this run, or the one that the lock names. */
function runtimeImage(config: PlatformConfig, registry: Registry): pulumi.Input<string> {
  const { runtimeBuild } = config;
  if (runtimeBuild === undefined) return registry.image("runtime");
  const repository = `${config.registry.url.replace(/^https?:\/\//, "")}/${runtimeRepository(config.images)}`;
  // The repository has to be there before the push.
  const dependsOn = registry instanceof pulumi.Resource ? [registry] : [];
  return new RuntimeImage("runtime", { repository, ...runtimeBuild }, { dependsOn }).reference;
}
