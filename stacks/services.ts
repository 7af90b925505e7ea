import type { Environment } from "../components/platform/environment.ts";
import { DriftMonitor } from "../components/platform/monitoring/drift-monitor.ts";
import type { Monitoring } from "../components/platform/monitoring/monitoring.ts";
import { InferenceService } from "../components/platform/serving/inference-service.ts";
import type { PlatformConfig } from "./config/load-config.ts";
import type { ResolvedService } from "./config/resolve-services.ts";
import { createInOrder, type Created } from "./create-in-order.ts";
import { gpuRequest } from "./gpu-request.ts";
import { isInCluster } from "./managed-services.ts";
import type { Exported, ServiceOutput } from "./platform-outputs.ts";
import type { Shared } from "./shared.ts";

type PlatformParts = Shared & { monitoring: Monitoring };

/** Creates the services that run in the cluster, each with its drift monitor. */
export async function createServices(
  config: PlatformConfig,
  services: readonly ResolvedService[],
  parts: PlatformParts,
): Promise<Exported<ServiceOutput>[]> {
  const inCluster = parts.environments.flatMap((environment) =>
    services
      .filter((service) => service.environment === environment.name && isInCluster(service))
      .map((service) => ({ environment, service })),
  );
  return createInOrder(inCluster, ({ environment, service }) =>
    createService(config, environment, service, parts),
  );
}

function createService(
  { drift: driftSettings }: PlatformConfig,
  environment: Environment,
  { name: serviceName, workload, modelName, digest, reference, pods }: ResolvedService,
  { opts, cloud, platform, featureStore, image, monitoring, gateways }: PlatformParts,
): Created<Exported<ServiceOutput>> {
  const { registry } = cloud;
  const { callers = [], gateway: isPublished = false, gpu, ...settings } = pods;
  const gateway = isPublished ? gateways.get(environment.name) : undefined;
  const common = { environment, registry, featureStore, image, model: reference };
  const name = `${environment.name}-${serviceName}`;
  const inference = new InferenceService(
    name,
    {
      ...common,
      serviceName,
      identity: cloud.identity({ namespace: environment.name, serviceAccount: serviceName, access: "read" }),
      ...settings,
      gpu: gpuRequest(gpu, cloud),
      callers: [platform, ...callers.map((namespace) => ({ name: namespace }))],
      gateway: gateway?.access,
    },
    opts,
  );
  const jobName = `${serviceName}-drift`;
  const drift = new DriftMonitor(
    `${name}-drift`,
    {
      ...common,
      monitoring,
      service: serviceName,
      jobName,
      identity: cloud.identity({ namespace: environment.name, serviceAccount: jobName, access: "write" }),
      ...driftSettings,
    },
    opts,
  );
  const value = {
    name: serviceName,
    model: modelName,
    workload,
    environment: environment.name,
    namespace: environment.namespace,
    url: inference.url,
    publicUrl: gateway?.publish(serviceName) ?? null,
    address: inference.address,
    digest,
    reference,
    driftJob: drift.jobName,
  };
  return { value, last: drift };
}
