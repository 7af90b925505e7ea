import type * as pulumi from "@pulumi/pulumi";
import { GkeGateway } from "../../components/gcp/gateway/gke-gateway.ts";
import type { CloudConfig } from "../config/schema/cloud.ts";
import type { GkeConfig } from "../config/schema/cluster.ts";
import type { ReadFoundation } from "../foundation/common-outputs.ts";
import type { gcpFoundationSchema } from "../foundation/gcp-outputs.ts";
import { deployed } from "./deployed.ts";
import type { CreateGateway } from "./gateway-request.ts";
import { gatewaysOf } from "./gateways-of.ts";

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
  return gatewaysOf(
    "gke",
    dns,
    ({ name, environment, domain, clientCidrs, auth, requestsPer5Minutes }) =>
      new GkeGateway(
        name,
        {
          project,
          environment,
          domain,
          certificateMap: deployed(foundation.certificateMap, "cloud.dns"),
          zoneName: deployed(foundation.dnsZoneName, "cloud.dns"),
          clientCidrs,
          auth,
          requestsPer5Minutes,
          protect,
        },
        opts,
      ),
  );
}
