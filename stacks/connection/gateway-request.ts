import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../components/platform/environment.ts";
import type { EnvironmentGateway } from "../../components/platform/gateway/environment-gateway.ts";
import type { GatewayConfig } from "../config/schema/gateway.ts";

/** Request for the gateway of an environment. */
export interface GatewayRequest {
  environment: Environment;
  settings: GatewayConfig;
  /** Image whose entry point is `runtime/main.ts`. */
  runtimeImage: pulumi.Input<string>;
}

/** Creates the gateway of an environment. Call it once for each. */
export type CreateGateway = (request: GatewayRequest) => EnvironmentGateway;
