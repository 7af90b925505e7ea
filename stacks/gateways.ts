import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../components/platform/environment.ts";
import type { EnvironmentGateway } from "../components/platform/gateway/environment-gateway.ts";
import type { StackConfig } from "./config/schema.ts";
import type { CloudConnection } from "./connection/connection.ts";

export interface GatewaysOptions {
  config: Pick<StackConfig, "environments">;
  environments: readonly Environment[];
  cloud: CloudConnection;
  /** The runtime image. */
  image: pulumi.Input<string>;
}

/** Creates the gateways of the environments whose config has one. Returns them by the name of the environment. */
export function createGateways({
  config,
  environments,
  cloud,
  image,
}: GatewaysOptions): ReadonlyMap<string, EnvironmentGateway> {
  const gateways = new Map<string, EnvironmentGateway>();
  for (const environment of environments) {
    const { name } = environment;
    const settings = config.environments[name]?.gateway;
    if (settings === undefined) continue;
    if (cloud.gateway === undefined)
      throw new Error(`${name}: gateway must be left out: the cluster can have none`);
    gateways.set(name, cloud.gateway({ environment, settings, runtimeImage: image }));
  }
  return gateways;
}
