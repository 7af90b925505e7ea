import type { PlatformConfig } from "./config/load-config.ts";
import type { ServedModel } from "./config/resolve-services.ts";
import { workloadsOf } from "./config/artifact-repositories.ts";
import type { Foundation } from "./foundation/foundation.ts";
import { managedServices } from "./managed-services.ts";
import type { Exported, PlatformOutputs } from "./platform-outputs.ts";
import { services } from "./services.ts";
import { shared } from "./shared.ts";
import { training } from "./training.ts";
import { watching } from "./watching.ts";

/** The whole platform: composes components, decides nothing that the config does not say. */
export async function platform(
  config: PlatformConfig,
  serving: readonly ServedModel[],
  foundation: Foundation,
): Promise<Exported<PlatformOutputs>> {
  const common = await shared(config, foundation);
  const pipeline = training(config.training, common);
  const { monitoring, routes } = watching(config, serving, common);
  return {
    workloads: workloadsOf(config.environments),
    services: await services(config, serving, { ...common, monitoring }),
    managedServices: managedServices(config, serving, common),
    training: { namespace: pipeline.namespace, templates: pipeline.templates },
    featureStore: { namespace: common.platform.namespace, url: common.featureStore.url },
    monitoring: {
      namespace: common.monitoringNamespace.namespace,
      prometheus: monitoring.prometheusUrl,
      alertmanager: monitoring.alertmanagerUrl,
      pushgateway: monitoring.pushgatewayUrl,
    },
    alertReceiver: routes.receiverUrl === undefined ? null : { url: routes.receiverUrl },
  };
}
