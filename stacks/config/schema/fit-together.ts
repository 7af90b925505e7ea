import type { z } from "zod";
import type { QuotaConfig, ServiceConfig } from "./environment.ts";
import type { GatewayConfig } from "./gateway.ts";
import { fitFoundation, type FoundationParts } from "./fit-foundation.ts";
import { fitGateways } from "./fit-gateways.ts";
import { fitIsolation } from "./fit-isolation.ts";
import { fitNames, PLATFORM_NAMESPACES } from "./fit-names.ts";
import { checkGpuRoom } from "./fit-gpus.ts";
import { fitRoom, replicasOf } from "./fit-room.ts";
import { checkTarget } from "./fit-targets.ts";
import { fitSecrets } from "./fit-secrets.ts";
import { refuseIn } from "./refuse.ts";
import type { SecretsConfig } from "./secrets.ts";

type GpuRequest = NonNullable<ServiceConfig["gpu"]>;

/** The parts of the config that must fit one another. */
interface FittedConfig extends FoundationParts {
  environments: Record<
    string,
    { services: Record<string, ServiceConfig>; quota: QuotaConfig; gateway?: GatewayConfig | undefined }
  >;
  secrets: SecretsConfig;
  alerts: { receiver: string; slackUrlSecret?: string | undefined };
  training: { gpu?: GpuRequest | undefined };
  featureStore: object;
  drift: { minRows?: number | undefined; windowRows?: number | undefined };
}

/** Defaults of the drift job. @see runtime/contract/env.ts */
export const DRIFT_DEFAULTS = { minRows: 500, windowRows: 5000 };

/** Refuses parts of the config that are valid alone but do not fit together. */
export function fitTogether(config: FittedConfig, context: z.RefinementCtx): void {
  const refuse = refuseIn(context);
  const { cluster, cloud } = config;
  fitFoundation(config, refuse);
  fitIsolation(config, refuse);
  if (cloud?.redis !== undefined)
    for (const key of Object.keys(config.featureStore))
      refuse(
        ["featureStore", key],
        "must be left out if cloud.redis is set: it configures a feature store in the cluster, and this stack uses cloud.redis",
      );
  const { minRows = DRIFT_DEFAULTS.minRows, windowRows = DRIFT_DEFAULTS.windowRows } = config.drift;
  if (minRows > windowRows)
    refuse(
      ["drift", config.drift.minRows === undefined ? "windowRows" : "minRows"],
      `must keep minRows (${minRows}) at or below windowRows (${windowRows}): otherwise no window has enough rows for a PSI`,
    );
  fitNames(config, refuse);
  fitGateways(config, refuse);
  fitRoom(config.environments, refuse);
  fitSecrets(config, [...PLATFORM_NAMESPACES, ...Object.keys(config.environments)], refuse);
  for (const [environment, { services }] of Object.entries(config.environments))
    for (const [name, service] of Object.entries(services)) {
      const { gpu } = service;
      checkTarget(config, { environment, name, service }, refuse);
      const path = ["environments", environment, "services", name, "gpu"];
      // A rolling update starts a new pod before it ends an old one.
      if (gpu !== undefined) checkGpuRoom(cluster, gpu, replicasOf(service) + 1, path, refuse);
    }
  if (config.training.gpu !== undefined)
    checkGpuRoom(cluster, config.training.gpu, 1, ["training", "gpu"], refuse);
}
