import { CustomObjectsApi, type KubeConfig } from "@kubernetes/client-node";
import { aksGatewayNamespace } from "../../components/azure/gateway/aks-gateway-names.ts";
import { isNotFound } from "../kubernetes-error.ts";
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
  { problems, fix }: { problems: Problems; fix: string },
): Promise<void> {
  const objects = kube.makeApiClient(CustomObjectsApi);
  await Promise.all(
    [...new Set(environments)].map((environment) =>
      problems.attempt({ about: `gateway of ${environment}`, fix }, undefined, async () => {
        const namespace = aksGatewayNamespace(environment);
        const found = (await objects
          .listNamespacedCustomObject({ ...GATEWAYS, namespace })
          .catch((error: unknown) => {
            if (isNotFound(error)) return { items: [] };
            throw error;
          })) as { items: GatewayState[] };
        for (const gateway of found.items) {
          const unfilled = unfilledCertificate(gateway);
          if (unfilled !== undefined) problems.add({ about: `gateway of ${environment}`, ...unfilled });
        }
      }),
    ),
  );
}
