import type * as pulumi from "@pulumi/pulumi";
import { AlbGateway } from "../../components/aws/gateway/alb-gateway.ts";
import { EksLoadBalancerController } from "../../components/aws/gateway/eks-load-balancer-controller.ts";
import type { OidcIssuer } from "../../components/aws/cluster/eks-service-account-role.ts";
import { awsZones } from "../../components/aws/zones.ts";
import type { Registry } from "../../components/platform/registry/registry.ts";
import type { CloudConfig } from "../config/schema/cloud.ts";
import type { EksConfig } from "../config/schema/cluster.ts";
import type { awsFoundationSchema } from "../foundation/aws-outputs.ts";
import type { ReadFoundation } from "../foundation/common-outputs.ts";
import { deployed } from "./deployed.ts";
import type { CreateGateway } from "./gateway-request.ts";
import { gatewaysOf } from "./gateways-of.ts";
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

  return gatewaysOf(
    "eks",
    dns,
    ({ name, environment, runtimeImage, domain, clientCidrs, auth, requestsPer5Minutes }) => {
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
          domain,
          certificateArn: deployed(foundation.certificateArn, "cloud.dns.delegated"),
          zoneId: deployed(foundation.dnsZoneId, "cloud.dns"),
          clientCidrs,
          auth,
          requestsPer5Minutes,
          protect,
        },
        opts,
      );
    },
  );
}
