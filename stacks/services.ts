import type { Environment } from "../components/platform/environment.ts";
import { DriftMonitor } from "../components/platform/monitoring/drift-monitor.ts";
import type { Monitoring } from "../components/platform/monitoring/monitoring.ts";
import { InferenceService } from "../components/platform/serving/inference-service.ts";
import type { PlatformConfig } from "./config/load-config.ts";
import type { ServedModel } from "./config/resolve-services.ts";
import { inTurn, type Created } from "./in-turn.ts";
import { isInCluster } from "./managed-services.ts";
import type { Exported, ServiceOutput } from "./platform-outputs.ts";
import type { Shared } from "./shared.ts";

type Parts = Shared & { monitoring: Monitoring };

/** The services that run in the cluster, each with the job that watches it for drift. */
export async function services(
  config: PlatformConfig,
  serving: readonly ServedModel[],
  parts: Parts,
): Promise<Exported<ServiceOutput>[]> {
  const inCluster = parts.environments.flatMap((environment) =>
    serving
      .filter((served) => served.environment === environment.name && isInCluster(served))
      .map((served) => ({ environment, served })),
  );
  return inTurn(inCluster, ({ environment, served }) => service(config, environment, served, parts));
}

function service(
  { drift: driftSettings }: PlatformConfig,
  environment: Environment,
  { name: serviceName, workload, modelName, digest, reference, pods }: ServedModel,
  { opts, cloud, platform, featureStore, image, monitoring }: Parts,
): Created<Exported<ServiceOutput>> {
  const { registry } = cloud;
  const common = { environment, registry, featureStore, image, model: reference };
  const name = `${environment.name}-${serviceName}`;
  const inference = new InferenceService(
    name,
    {
      ...common,
      serviceName,
      callers: [platform],
      identity: cloud.identity({ namespace: environment.name, serviceAccount: serviceName, access: "read" }),
      ...pods,
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
    address: inference.address,
    digest,
    reference,
    driftJob: drift.jobName,
  };
  return { value, last: drift };
}
