import type { EnvironmentGateway } from "../../components/platform/gateway/environment-gateway.ts";
import type { CloudConfig } from "../config/schema/cloud.ts";
import {
  canAuthenticate,
  GATEWAY_AUTH,
  type GatewayAuth,
  type GatewayCluster,
  type GatewayConfig,
} from "../config/schema/gateway.ts";
import type { CreateGateway, GatewayRequest } from "./gateway-request.ts";

/** Arguments that the gateway components of all clouds share. */
export interface GatewayParts<Cluster extends GatewayCluster> extends Omit<GatewayConfig, "auth"> {
  /** Name of the component. */
  name: string;
  environment: GatewayRequest["environment"];
  runtimeImage: GatewayRequest["runtimeImage"];
  /** DNS name below which services get their names. */
  domain: string;
  auth: GatewayAuth<Cluster>;
}

/**
 * Returns the function that creates the gateways of a kind of cluster. The function throws if `dns` or `auth` is not what the cluster needs,
 * which `fitGateways` has refused before.
 *
 * @param create - creates the gateway component of the cloud
 */
export function gatewaysOf<Cluster extends GatewayCluster>(
  cluster: Cluster,
  dns: CloudConfig["dns"],
  create: (parts: GatewayParts<Cluster>) => EnvironmentGateway,
): CreateGateway {
  return ({ environment, settings: { auth, ...settings }, runtimeImage }) => {
    const name = `${environment.name}-gateway`;
    if (dns === undefined) throw new Error(`${name}: cloud.dns must be set`);
    if (!canAuthenticate(cluster, auth))
      throw new Error(
        `${name}: auth.kind must be ${GATEWAY_AUTH[cluster].join(" or ")} on ${cluster}, got ${auth.kind}`,
      );
    return create({ name, environment, runtimeImage, domain: dns.zone, auth, ...settings });
  };
}
