import { AlertRoutes, type AlertRoutesArgs } from "../components/platform/monitoring/alert-routes.ts";
import { Monitoring } from "../components/platform/monitoring/monitoring.ts";
import type { PlatformConfig } from "./config/load-config.ts";
import type { ResolvedService } from "./config/resolve-services.ts";
import type { StackConfig } from "./config/schema.ts";
import { isInCluster } from "./managed-services.ts";
import type { Shared } from "./shared.ts";

/** Creates Prometheus and Alertmanager with the alerts and their receiver. */
export function createMonitoring(
  config: PlatformConfig,
  services: readonly ResolvedService[],
  shared: Shared,
): { monitoring: Monitoring; routes: AlertRoutes } {
  const { opts, cloud, image, platform, monitoringNamespace: environment, environments } = shared;
  const { registry } = cloud;
  const exporters = [...cloud.exporters, ...shared.secrets.exporters];
  const routes = new AlertRoutes(
    "alerts",
    { environment, groupWaitSeconds: config.alerts.groupWaitSeconds, ...receiverOf(config.alerts, shared) },
    opts,
  );
  const { availability, p99Ms, retentionDays, storageGib, scrapeSeconds } = config.monitoring;
  const monitoring = new Monitoring(
    "monitoring",
    {
      environment,
      watched: [platform, ...environments],
      exporters,
      registry,
      images: {
        prometheus: registry.image("prometheus"),
        alertmanager: registry.image("alertmanager"),
        pushgateway: registry.image("pushgateway"),
        runtime: image,
      },
      routes,
      alerts: {
        services: services
          .filter(isInCluster)
          .map(({ name, environment: namespace, workload, modelName }) => ({
            service: name,
            namespace,
            workload,
            model: modelName,
          })),
        availability,
        p99Ms,
        driftIntervalMinutes: config.drift.intervalMinutes,
      },
      retentionDays,
      storageGib,
      volumeNodes: cloud.volumeNodes,
      scrapeSeconds,
    },
    opts,
  );
  return { monitoring, routes };
}

function receiverOf(
  alerts: StackConfig["alerts"],
  { cloud, image, secrets }: Shared,
): Pick<AlertRoutesArgs, "localReceiver" | "slackUrl" | "slackUrlSecret"> {
  if (alerts.receiver === "local") return { localReceiver: { registry: cloud.registry, image } };
  const { slackUrl, slackUrlSecret } = alerts;
  return slackUrlSecret === undefined
    ? { slackUrl }
    : { slackUrlSecret: secrets.nameOf("monitoring", slackUrlSecret) };
}
