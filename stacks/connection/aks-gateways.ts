import * as pulumi from "@pulumi/pulumi";
import type {
  AksFederatedIdentity,
  AksFederatedIdentityArgs,
} from "../../components/azure/cluster/aks-federated-identity.ts";
import {
  aksGatewayNamespace,
  CERTIFICATE_ACCOUNT,
} from "../../components/azure/gateway/aks-gateway-names.ts";
import { AksGateway } from "../../components/azure/gateway/aks-gateway.ts";
import type { AzurePlace } from "../../components/azure/place.ts";
import type { CloudConfig } from "../config/schema/cloud.ts";
import { GATEWAY_CERTIFICATE } from "../foundation/azure-names.ts";
import type { azureFoundationSchema } from "../foundation/azure-outputs.ts";
import type { ReadFoundation } from "../foundation/common-outputs.ts";
import { deployed } from "./deployed.ts";
import type { CreateGateway } from "./gateway-request.ts";
import { gatewaysOf } from "./gateways-of.ts";

/** Config key of the foundation with which it has all that gateways need. */
const NEEDED = "cloud.dns.ingress";

export interface AksGatewaysArgs {
  place: AzurePlace;
  dns: CloudConfig["dns"];
  foundation: ReadFoundation<typeof azureFoundationSchema>;
  /** Creates an identity for a service account. */
  createIdentity: (
    name: string,
    request: Pick<AksFederatedIdentityArgs, "namespace" | "serviceAccount" | "grants">,
  ) => AksFederatedIdentity;
}

/**
 * Returns the function that creates the gateways of environments on AKS. All have the certificate `gateway` of the foundation's vault of
 * certificates, which a person fills.
 *
 * @param opts - the providers of Azure and of Kubernetes
 */
export function aksGateways(
  { place, dns, foundation, createIdentity }: AksGatewaysArgs,
  opts: pulumi.ComponentResourceOptions,
): CreateGateway {
  return gatewaysOf("aks", dns, ({ name, environment, domain, clientCidrs, auth }) => {
    const vaultUrl = deployed(foundation.certificatesVaultUrl, NEEDED);
    const identity = createIdentity(`${name}-identity`, {
      namespace: aksGatewayNamespace(environment.name),
      serviceAccount: CERTIFICATE_ACCOUNT,
      grants: {
        certificate: {
          role: "Key Vault Secrets User",
          scope: deployed(foundation.certificatesVaultId, NEEDED),
        },
      },
    });
    return new AksGateway(
      name,
      {
        ...place,
        environment,
        domain,
        certificateUri: pulumi.interpolate`${vaultUrl}certificates/${GATEWAY_CERTIFICATE}`,
        identity,
        zoneName: domain,
        nodesSecurityGroupName: deployed(foundation.nodesSecurityGroupName, NEEDED),
        clientCidrs,
        auth,
      },
      opts,
    );
  });
}
