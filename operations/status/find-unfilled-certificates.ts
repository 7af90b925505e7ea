import type { KubeConfig } from "@kubernetes/client-node";
import { aksGatewayNamespace } from "../../components/azure/gateway/aks-gateway-names.ts";
import { eachCustomObject } from "./each-custom-object.ts";
import type { Problems } from "./problems.ts";
import { unfilledCertificate, type GatewayState } from "./unfilled-certificate.ts";

const GATEWAYS = { group: "gateway.networking.k8s.io", version: "v1", plural: "gateways" };

/**
 * Adds a problem for each gateway on AKS that waits for its certificate, with the command that imports it. Other clouds issue
 * certificates themselves, and have no gateways in these namespaces.
 *
 * @param environments - names of the environments with published services
 */
export async function findUnfilledCertificates(
  kube: KubeConfig,
  environments: readonly string[],
  context: { problems: Problems; fix: string },
): Promise<void> {
  const places = [...new Set(environments)].map((environment) => ({
    namespace: aksGatewayNamespace(environment),
    about: `gateway of ${environment}`,
  }));
  await eachCustomObject<GatewayState>(kube, { kind: GATEWAYS, places }, context, (gateway, { about }) => {
    const unfilled = unfilledCertificate(gateway);
    if (unfilled !== undefined) context.problems.add({ about, ...unfilled });
  });
}
