import type * as pulumi from "@pulumi/pulumi";
import type { IapAuth } from "../../components/gcp/gateway/gke-gateway-args.ts";
import { GkeGateway } from "../../components/gcp/gateway/gke-gateway.ts";
import type { ApiKeyAuth } from "../../components/platform/gateway/environment-gateway.ts";
import type { CloudConfig } from "../config/schema/cloud.ts";
import type { GkeConfig } from "../config/schema/cluster.ts";
import type { GatewayConfig } from "../config/schema/gateway.ts";
import type { ReadFoundation } from "../foundation/common-outputs.ts";
import type { gcpFoundationSchema } from "../foundation/gcp-outputs.ts";
import { deployed } from "./deployed.ts";
import type { CreateGateway } from "./gateway-request.ts";

export interface GkeGatewaysArgs {
  cluster: GkeConfig;
  cloud: CloudConfig;
  foundation: ReadFoundation<typeof gcpFoundationSchema>;
}

/**
 * Returns the function that creates the gateways of environments on GKE.
 *
 * @param opts - the providers of Google Cloud and of Kubernetes
 */
export function gkeGateways(
  { cluster: { project }, cloud: { dns, protect }, foundation }: GkeGatewaysArgs,
  opts: pulumi.ComponentResourceOptions,
): CreateGateway {
  return ({ environment, settings: { clientCidrs, auth, requestsPer5Minutes } }) => {
    const name = `${environment.name}-gateway`;
    if (dns === undefined) throw new Error(`${name}: cloud.dns must be set`);
    return new GkeGateway(
      name,
      {
        project,
        environment,
        domain: dns.zone,
        certificateMap: deployed(foundation.certificateMap, "cloud.dns"),
        zoneName: deployed(foundation.dnsZoneName, "cloud.dns"),
        clientCidrs,
        auth: gkeAuth(name, auth),
        requestsPer5Minutes,
        protect,
      },
      opts,
    );
  };
}

function gkeAuth(name: string, auth: GatewayConfig["auth"]): ApiKeyAuth | IapAuth {
  if (auth.kind === "jwt") throw new Error(`${name}: auth.kind must be api-keys or iap on GKE, got jwt`);
  return auth;
}
