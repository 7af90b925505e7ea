import type * as pulumi from "@pulumi/pulumi";
import type { JwtAuth } from "../../components/aws/gateway/alb-gateway-args.ts";
import { AlbGateway } from "../../components/aws/gateway/alb-gateway.ts";
import { EksLoadBalancerController } from "../../components/aws/gateway/eks-load-balancer-controller.ts";
import type { OidcIssuer } from "../../components/aws/cluster/eks-service-account-role.ts";
import { awsZones } from "../../components/aws/zones.ts";
import type { ApiKeyAuth } from "../../components/platform/gateway/environment-gateway.ts";
import type { Registry } from "../../components/platform/registry/registry.ts";
import type { CloudConfig } from "../config/schema/cloud.ts";
import type { EksConfig } from "../config/schema/cluster.ts";
import type { GatewayConfig } from "../config/schema/gateway.ts";
import type { awsFoundationSchema } from "../foundation/aws-outputs.ts";
import type { ReadFoundation } from "../foundation/common-outputs.ts";
import { deployed } from "./deployed.ts";
import type { CreateGateway } from "./gateway-request.ts";
import { itemOf } from "./item-of.ts";

export interface EksGatewaysArgs {
  cluster: EksConfig;
  cloud: CloudConfig;
  oidc: OidcIssuer;
  foundation: ReadFoundation<typeof awsFoundationSchema>;
  registry: Registry;
}

/**
 * Returns the function that creates the gateways of environments on EKS. The first gateway brings the controller, which serves all of
 * them.
 *
 * @param opts - the providers of AWS and of Kubernetes
 */
export function eksGateways(
  { cluster, cloud, oidc, foundation, registry }: EksGatewaysArgs,
  opts: pulumi.ComponentResourceOptions,
): CreateGateway {
  const { region } = cluster;
  const { prefix: clusterName, protect, dns } = cloud;
  const { vpcId } = foundation;
  const zones = cluster.zones ?? awsZones(region);
  const ofEachZone = (list: pulumi.Output<string[]>): pulumi.Output<string>[] =>
    zones.map((_zone, index) => itemOf(list, index, "cluster.zones"));
  let controller: EksLoadBalancerController | undefined;

  return ({ environment, settings, runtimeImage }) => {
    const { clientCidrs, auth, requestsPer5Minutes } = settings;
    const name = `${environment.name}-gateway`;
    if (dns === undefined) throw new Error(`${name}: cloud.dns must be set`);
    controller ??= new EksLoadBalancerController(
      "load-balancers",
      {
        oidc,
        clusterName,
        region,
        vpcId,
        image: registry.image("aws-load-balancer-controller"),
        runtimeImage,
      },
      opts,
    );
    return new AlbGateway(
      name,
      {
        environment,
        controller,
        vpcId,
        subnetIds: ofEachZone(foundation.publicSubnetIds),
        subnetCidrs: ofEachZone(foundation.publicSubnetCidrs),
        nodesSecurityGroupId: foundation.nodesSecurityGroupId,
        domain: dns.zone,
        certificateArn: deployed(foundation.certificateArn, "cloud.dns.delegated"),
        zoneId: deployed(foundation.dnsZoneId, "cloud.dns"),
        clientCidrs,
        auth: albAuth(name, auth),
        requestsPer5Minutes,
        protect,
      },
      opts,
    );
  };
}

function albAuth(name: string, auth: GatewayConfig["auth"]): ApiKeyAuth | JwtAuth {
  if (auth.kind === "iap") throw new Error(`${name}: auth.kind must be api-keys or jwt on EKS, got iap`);
  return auth;
}
