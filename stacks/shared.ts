import type * as pulumi from "@pulumi/pulumi";
import { Environment } from "../components/platform/environment.ts";
import { FeatureStore } from "../components/platform/features/feature-store.ts";
import { ManagedFeatureStore } from "../components/platform/features/managed-feature-store.ts";
import type { OnlineStore } from "../components/platform/features/online-store.ts";
import type { EnvironmentGateway } from "../components/platform/gateway/environment-gateway.ts";
import type { Registry } from "../components/platform/registry/registry.ts";
import { RuntimeImage } from "../components/platform/registry/runtime-image.ts";
import { artifactRepositories } from "./config/artifact-repositories.ts";
import type { PlatformConfig } from "./config/load-config.ts";
import { runtimeRepository } from "./config/runtime-repository.ts";
import { createExternalSecrets, type StackSecrets } from "./external-secrets.ts";
import type { CloudConnection, Connection } from "./connection/connection.ts";
import { createGateways } from "./gateways.ts";

/** Resources that all parts of the platform use. */
export interface Shared {
  /** Options of every component: the Kubernetes provider. */
  opts: pulumi.ComponentResourceOptions;
  /** The registry and the other cloud resources. */
  cloud: CloudConnection;
  /** The namespace in which training jobs and the feature store run. */
  platform: Environment;
  /** The namespace of Prometheus, Alertmanager and the Pushgateway. */
  monitoringNamespace: Environment;
  /** The namespaces of services, in the order of the config. */
  environments: readonly Environment[];
  /** The runtime image, by digest. */
  image: pulumi.Input<string>;
  featureStore: OnlineStore;
  secrets: StackSecrets;
  /** Gateways by the name of their environment. */
  gateways: ReadonlyMap<string, EnvironmentGateway>;
}

/** Creates the namespaces and the other resources that the parts of the platform share. */
export async function createShared(config: PlatformConfig, connection: Connection): Promise<Shared> {
  const { url: registryUrl, dockerConfig, readDockerConfig } = config.registry;
  const opts = { provider: connection.kubernetes };
  const repositories = await artifactRepositories(config);

  const platform = new Environment("platform", { registryUrl }, opts);
  const monitoringNamespace = new Environment("monitoring", { registryUrl }, opts);
  const environments = Object.entries(config.environments).map(
    ([name, { quota }]) => new Environment(name, { registryUrl, ...quota }, opts),
  );
  const all = [platform, monitoringNamespace, ...environments];
  const cloud = connection.connect({
    url: registryUrl,
    dockerConfig,
    readDockerConfig,
    images: config.images,
    environments: all,
    repositories,
  });
  const secrets = createExternalSecrets({ config, environments: all, connection: cloud }, opts);
  const image = runtimeImageOf(config, cloud.registry);
  return {
    opts,
    cloud,
    platform,
    monitoringNamespace,
    environments,
    image,
    featureStore: createFeatureStore(config, { cloud, platform, environments, opts }),
    secrets,
    gateways: createGateways({ config, environments, cloud, image }),
  };
}

function createFeatureStore(
  { featureStore: settings }: PlatformConfig,
  { cloud, platform, environments, opts }: Pick<Shared, "cloud" | "platform" | "environments" | "opts">,
): OnlineStore {
  const { registry, redis } = cloud;
  if (redis !== undefined)
    return new ManagedFeatureStore("feature-store", { ...redis, clients: [platform, ...environments] }, opts);
  return new FeatureStore(
    "feature-store",
    {
      environment: platform,
      trainers: [platform],
      servers: environments,
      registry,
      image: registry.image("redis"),
      volumeNodes: cloud.volumeNodes,
      ...settings,
    },
    opts,
  );
}

/** Returns the image of all jobs and servers: the one that this run builds, or the one in the lock file. */
function runtimeImageOf(config: PlatformConfig, registry: Registry): pulumi.Input<string> {
  const { runtimeBuild } = config;
  if (runtimeBuild === undefined) return registry.image("runtime");
  const repository = `${config.registry.url.replace(/^https?:\/\//, "")}/${runtimeRepository(config.images)}`;
  return new RuntimeImage("runtime", { repository, ...runtimeBuild }).reference;
}
