import * as pulumi from "@pulumi/pulumi";
import { AlertRoutes } from "../components/platform/monitoring/alert-routes.ts";
import { DriftMonitor } from "../components/platform/monitoring/drift-monitor.ts";
import { Environment } from "../components/platform/environment.ts";
import { FeatureStore } from "../components/platform/features/feature-store.ts";
import { ManagedFeatureStore } from "../components/platform/features/managed-feature-store.ts";
import { RuntimeImage } from "../components/platform/registry/runtime-image.ts";
import { InferenceService } from "../components/platform/serving/inference-service.ts";
import { Monitoring } from "../components/platform/monitoring/monitoring.ts";
import { TrainingPipeline } from "../components/platform/training/training-pipeline.ts";
import { ARTIFACT_KINDS, artifactRepository, type ArtifactKind } from "../runtime/contract/artifact-kind.ts";
import type { Registry } from "../components/platform/registry/registry.ts";
import type { Foundation } from "./foundation/foundation.ts";
import type { PlatformConfig } from "./config/load-config.ts";
import { externalSecrets } from "./external-secrets.ts";
import { inTurn } from "./in-turn.ts";
import { hasTarget, managedServices, type ManagedServiceOutput } from "./managed-services.ts";
import type { ServedModel } from "./config/resolve-services.ts";

/** What the program exports: the values that other tools need. */
export interface PlatformOutputs {
  /** Workloads that any environment serves, or will. */
  workloads: string[];
  services: {
    name: string;
    model: string;
    workload: string;
    environment: string;
    namespace: pulumi.Output<string>;
    /** Base URL within the cluster. */
    url: pulumi.Output<string>;
    /** `host:port` on the cluster's service network. */
    address: pulumi.Output<string>;
    digest: string;
    reference: string;
    driftJob: pulumi.Output<string>;
  }[];
  /** Services that run outside of the cluster. */
  managedServices: ManagedServiceOutput[];
  training: { namespace: pulumi.Output<string>; templates: Record<string, pulumi.Output<string>> };
  featureStore: { namespace: pulumi.Output<string>; url: pulumi.Input<string> };
  monitoring: {
    namespace: pulumi.Output<string>;
    prometheus: string;
    alertmanager: string;
    pushgateway: string;
  };
  alertReceiver: { url: string } | null;
}

/** The whole platform: composes components, decides nothing that the config does not say. */
export async function platform(
  config: PlatformConfig,
  serving: readonly ServedModel[],
  foundation: Foundation,
): Promise<PlatformOutputs> {
  const { url: registryUrl, dockerConfig } = config.registry;
  const on = { provider: foundation.kubernetes };
  const inCluster = serving.filter((served) => !hasTarget(served));

  const shared = new Environment("platform", { registryUrl }, on);
  const watching = new Environment("monitoring", { registryUrl }, on);
  const served = new Map(
    Object.entries(config.environments).map(([name, { quota }]) => [
      name,
      new Environment(name, { registryUrl, ...quota }, on),
    ]),
  );
  const environments = [...served.values()];
  const registry = foundation.registry({
    url: registryUrl,
    dockerConfig,
    images: config.images,
    environments: [shared, watching, ...environments],
    repositories: artifactRepositories(config.environments),
  });
  const imageRepository = config.images.images.runtime?.repository ?? "slipway/runtime";
  const image = runtimeImage(config, registry, `${withoutScheme(registryUrl)}/${imageRepository}`);
  const secrets = externalSecrets(
    {
      config: config.secrets,
      cloud: config.cloud,
      environments: [shared, watching, ...environments],
      foundation,
    },
    on,
  );
  const clients = [shared, ...environments];
  const featureStore =
    foundation.redis === undefined
      ? new FeatureStore(
          "feature-store",
          { environment: shared, clients, registry, image: registry.image("redis"), ...config.featureStore },
          on,
        )
      : new ManagedFeatureStore("feature-store", { ...foundation.redis, clients }, on);
  const training = new TrainingPipeline(
    "training",
    {
      environment: shared,
      targets: environments,
      registry,
      featureStore,
      image,
      identity: foundation.identity({ namespace: shared.name, serviceAccount: "training", access: "write" }),
      ...config.training,
    },
    on,
  );
  const { receiver: _, ...receiving } = config.alerts;
  const routes = new AlertRoutes(
    "alerts",
    {
      environment: watching,
      ...(config.alerts.receiver === "local" ? { localReceiver: { registry, image } } : {}),
      ...receiving,
      ...("slackUrlSecret" in receiving && receiving.slackUrlSecret !== undefined
        ? { slackUrlSecret: secrets.nameOf("monitoring", receiving.slackUrlSecret) }
        : {}),
    },
    on,
  );
  const { availability, p99Ms, ...keeping } = config.monitoring;
  const monitoring = new Monitoring(
    "monitoring",
    {
      environment: watching,
      watched: [shared, ...environments],
      exporters: foundation.exporters?.(),
      registry,
      images: {
        prometheus: registry.image("prometheus"),
        alertmanager: registry.image("alertmanager"),
        pushgateway: registry.image("pushgateway"),
      },
      routes,
      alerts: {
        services: inCluster.map(({ name, environment, workload, modelName }) => ({
          service: name,
          namespace: environment,
          workload,
          model: modelName,
        })),
        availability,
        p99Ms,
        driftThreshold: config.drift.threshold,
        driftIntervalMinutes: config.drift.intervalMinutes,
      },
      ...keeping,
    },
    on,
  );
  const services = await inTurn(inCluster, (service) => {
    const environment = only(served, service.environment);
    const {
      workload: _workload,
      modelName: _name,
      model: _model,
      target: _target,
      ...settings
    } = service.settings;
    const common = { environment, registry, featureStore, image, model: service.reference };
    const name = `${service.environment}-${service.name}`;
    const inference = new InferenceService(
      name,
      {
        ...common,
        serviceName: service.name,
        callers: [shared],
        identity: foundation.identity({
          namespace: environment.name,
          serviceAccount: service.name,
          access: "read",
        }),
        ...settings,
      },
      on,
    );
    const drift = new DriftMonitor(
      `${name}-drift`,
      {
        ...common,
        monitoring,
        service: service.name,
        jobName: `${service.name}-drift`,
        identity: foundation.identity({
          namespace: environment.name,
          serviceAccount: `${service.name}-drift`,
          access: "write",
        }),
        ...config.drift,
      },
      on,
    );
    const value = {
      name: service.name,
      model: service.modelName,
      workload: service.workload,
      environment: service.environment,
      namespace: environment.namespace,
      url: inference.url,
      address: inference.address,
      digest: service.digest,
      reference: service.reference,
      driftJob: drift.jobName,
    };
    return { value, last: drift };
  });
  const wanted = Object.values(config.environments).flatMap((environment) =>
    Object.values(environment.services),
  );
  return {
    workloads: [...new Set(wanted.map(({ workload }) => workload))],
    services,
    managedServices: managedServices(serving.filter(hasTarget), {
      foundation,
      image,
      imageRepository,
      registryUrl,
    }),
    training: { namespace: training.namespace, templates: training.templates },
    featureStore: { namespace: shared.namespace, url: featureStore.url },
    monitoring: {
      namespace: watching.namespace,
      prometheus: monitoring.prometheusUrl,
      alertmanager: monitoring.alertmanagerUrl,
      pushgateway: monitoring.pushgatewayUrl,
    },
    alertReceiver: routes.receiverUrl === undefined ? null : { url: routes.receiverUrl },
  };
}

/** The image of every job and server: built in this run, or the one that the lock names. */
function runtimeImage(
  { runtimeBuild }: PlatformConfig,
  registry: Registry,
  repository: string,
): pulumi.Input<string> {
  if (runtimeBuild === undefined) return registry.image("runtime");
  // The repository has to be there before the push.
  const dependsOn = registry instanceof pulumi.Resource ? [registry] : [];
  return new RuntimeImage("runtime", { repository, ...runtimeBuild }, { dependsOn }).reference;
}

const withoutScheme = (url: string): string => url.replace(/^https?:\/\//, "");

/** Every repository that the stack's jobs push to. */
function artifactRepositories(environments: PlatformConfig["environments"]): string[] {
  const models = Object.values(environments).flatMap(({ services }) =>
    Object.entries(services).map(([name, { workload, modelName = name }]) => ({ workload, modelName })),
  );
  const repositories = models.flatMap(({ workload, modelName }) =>
    (Object.keys(ARTIFACT_KINDS) as ArtifactKind[]).map((kind) =>
      kind === "source" || kind === "dataset"
        ? artifactRepository(workload, kind)
        : artifactRepository(workload, kind, modelName),
    ),
  );
  return [...new Set(repositories)].sort();
}

function only(environments: ReadonlyMap<string, Environment>, name: string): Environment {
  const environment = environments.get(name);
  if (environment === undefined) throw new Error(`services: ${name} must be an environment of the config`);
  return environment;
}
