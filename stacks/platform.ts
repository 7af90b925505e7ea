import type { PlatformConfig } from "./config/load-config.ts";
import type { ResolvedService } from "./config/resolve-services.ts";
import { workloadsOf } from "./config/artifact-repositories.ts";
import type { Connection } from "./connection/connection.ts";
import { createManagedServices } from "./managed-services.ts";
import type { Exported, PlatformOutputs } from "./platform-outputs.ts";
import { createServices } from "./services.ts";
import { createShared } from "./shared.ts";
import { createTraining } from "./training.ts";
import { createMonitoring } from "./monitoring.ts";

/** Creates the whole platform from its components. All decisions are in the config. Returns the outputs of the stack. */
export async function createPlatform(
  config: PlatformConfig,
  services: readonly ResolvedService[],
  connection: Connection,
): Promise<Exported<PlatformOutputs>> {
  const shared = await createShared(config, connection);
  const pipeline = createTraining(config, shared);
  const { monitoring, routes } = createMonitoring(config, services, shared);
  return {
    workloads: workloadsOf(config.environments),
    services: await createServices(config, services, { ...shared, monitoring }),
    managedServices: createManagedServices(config, services, shared),
    training: { namespace: pipeline.namespace, templates: pipeline.templates },
    featureStore: { namespace: shared.platform.namespace, url: shared.featureStore.url },
    monitoring: {
      namespace: shared.monitoringNamespace.namespace,
      prometheus: monitoring.prometheusUrl,
      alertmanager: monitoring.alertmanagerUrl,
      pushgateway: monitoring.pushgatewayUrl,
    },
    alertReceiver: routes.receiverUrl === undefined ? null : { url: routes.receiverUrl },
  };
}
