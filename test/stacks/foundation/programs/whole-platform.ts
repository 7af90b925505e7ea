import type { GatewayConfig } from "../../../../stacks/config/schema/gateway.ts";
import type { ImagesLock } from "../../../../components/platform/registry/images-lock.ts";
import type { Connection } from "../../../../stacks/connection/connection.ts";
import { configSchema } from "../../../../stacks/config/schema.ts";
import { createPlatform } from "../../../../stacks/platform.ts";
import type { Exported, PlatformOutputs } from "../../../../stacks/platform-outputs.ts";
import { resolveServices } from "../../../../stacks/config/resolve-services.ts";

const digest = `sha256:${"d".repeat(64)}`;

/** Creates the platform on a foundation, with one service, which the gateway publishes if the cloud has one. */
export async function wholePlatform(
  connection: Connection,
  url: string,
  images: ImagesLock,
  gateway?: GatewayConfig,
): Promise<Exported<PlatformOutputs>> {
  const config = configSchema.parse({
    registry: { kind: "existing", host: "registry.example.com" },
    images: { lockFile: "images.lock.json" },
    environments: {
      staging: { services: { pushback: { workload: "flight-delays", model: { digest } } } },
    },
    alerts: { receiver: "slack", slackUrlSecret: "slack-webhook" },
  });
  const { staging } = config.environments;
  const pushback = staging?.services["pushback"];
  if (staging === undefined || pushback === undefined) throw new Error("the config has no service");
  // The schema cannot check a gateway here: this config has no cluster.
  if (gateway !== undefined)
    config.environments = {
      staging: { ...staging, gateway, services: { pushback: { ...pushback, gateway: true } } },
    };
  const { services } = await resolveServices(config.environments, {
    resolveTag: () => Promise.resolve(undefined),
  });
  const registry = { kind: "existing" as const, url, dockerConfig: undefined };
  return createPlatform({ ...config, registry, images }, services, connection);
}
