import { AlertRoutes } from "../../components/platform/monitoring/alert-routes.ts";
import { Environment } from "../../components/platform/environment.ts";
import { FeatureStore } from "../../components/platform/features/feature-store.ts";
import { IMAGE_NAMES, type ImagesLock } from "../../components/platform/registry/images-lock.ts";
import { Monitoring } from "../../components/platform/monitoring/monitoring.ts";
import { ExistingRegistry } from "../../components/platform/registry/existing-registry.ts";

/** A lock file with every image, each with a different digest. */
export const lock: ImagesLock = {
  schemaVersion: 1,
  images: Object.fromEntries(
    IMAGE_NAMES.map((name, index) => [
      name,
      {
        repository: `slipway/${name}`,
        digest: `sha256:${index.toString(16).repeat(64)}`,
        sizeBytes: 1,
        source: "test",
      },
    ]),
  ),
};

export const registryUrl = "http://10.88.0.1:5000";
export const modelReference = `flight-delays/pushback/model@sha256:${"a".repeat(64)}`;

/** Parts that most components need: environments, a registry with credentials, a feature store. */
export interface Stage {
  platform: Environment;
  staging: Environment;
  monitoringEnvironment: Environment;
  registry: ExistingRegistry;
  featureStore: FeatureStore;
}

export function stage(): Stage {
  const [platform, staging, monitoringEnvironment] = ["platform", "staging", "monitoring"].map(
    (name) => new Environment(name, { registryUrl }),
  ) as [Environment, Environment, Environment];
  const registry = new ExistingRegistry("registry", {
    url: registryUrl,
    credentials: '{"auths":{}}',
    environments: [platform, staging, monitoringEnvironment],
    images: lock,
  });
  const featureStore = new FeatureStore("feature-store", {
    environment: platform,
    trainers: [platform],
    servers: [staging],
    registry,
    image: registry.image("redis"),
  });
  return { platform, staging, monitoringEnvironment, registry, featureStore };
}

export const watchedService = {
  service: "pushback",
  namespace: "staging",
  workload: "flight-delays",
  model: "pushback",
};

/** Creates Monitoring with its own alert receiver. */
export function monitoringOn(
  parts: Stage,
  args: Partial<ConstructorParameters<typeof Monitoring>[1]> = {},
): Monitoring {
  const { registry, monitoringEnvironment, staging, platform } = parts;
  return new Monitoring("watch", {
    environment: monitoringEnvironment,
    watched: [platform, staging],
    registry,
    images: {
      prometheus: registry.image("prometheus"),
      alertmanager: registry.image("alertmanager"),
      pushgateway: registry.image("pushgateway"),
      runtime: registry.image("runtime"),
    },
    alerts: { services: [watchedService] },
    routes: new AlertRoutes("alerts", {
      environment: monitoringEnvironment,
      localReceiver: { registry, image: registry.image("runtime") },
    }),
    ...args,
  });
}
