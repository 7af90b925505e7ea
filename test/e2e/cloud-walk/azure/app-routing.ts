import { CERTIFICATE_OPTIONS } from "../../../../components/azure/gateway/aks-gateway-names.ts";
import type { Certificate } from "../network/authority.ts";
import { apply, type Kubectl } from "../kubernetes/kubectl.ts";
import type { Gateway } from "../kubernetes/gateway-objects.ts";
import { condition, isProgrammed, watchGateways } from "../kubernetes/watch-gateways.ts";
import type { Entra } from "./entra.ts";
import { VAULT_SCOPE, type KeyVaults } from "./key-vaults.ts";
import { EXCHANGE_AUDIENCE, workloadIdentity } from "./workload-identity.ts";

/** The class of Gateways that the add-on serves. */
export const APP_ROUTING_CLASS = {
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "GatewayClass",
  metadata: { name: "approuting-istio" },
  spec: { controllerName: "istio.aks.azure.com/gateway-controller" },
} as const;

interface AppRoutingOptions {
  kubectl: Kubectl;
  entra: Entra;
  vaults: KeyVaults;
}

/**
 * The application routing add-on of AKS: fetches the certificate of each listener from its vault, as the service account that the listener
 * names, writes it into a Secret and the Secret into the listener, and says in the status whether the Gateway has all that it refers to.
 *
 * @see https://learn.microsoft.com/azure/aks/app-routing-gateway-api-dns-tls
 */
export function appRouting({ kubectl, entra, vaults }: AppRoutingOptions): { close: () => Promise<void> } {
  return watchGateways(kubectl, async (gateway) => {
    const { gatewayClassName, listeners } = gateway.spec as unknown as Gateway["spec"];
    const { deletionTimestamp, namespace = "" } = gateway.metadata;
    if (gatewayClassName !== APP_ROUTING_CLASS.metadata.name || deletionTimestamp !== undefined) return;
    if (isProgrammed(gateway)) return;
    const certificates = new Map<string, Certificate | string>();
    for (const { name, tls } of listeners)
      certificates.set(name, await certificateOf(namespace, tls?.options ?? {}, { kubectl, entra, vaults }));
    const secretOf = (listener: string): string => `kv-gw-cert-${gateway.metadata.name}-${listener}`;
    for (const [listener, certificate] of certificates)
      if (typeof certificate !== "string")
        await apply(kubectl, tlsSecret(secretOf(listener), namespace, certificate));
    if ([...certificates.values()].every((each) => typeof each !== "string"))
      await gateway.patch({
        spec: {
          listeners: listeners.map((listener) => ({
            ...listener,
            tls: { ...listener.tls, certificateRefs: [{ name: secretOf(listener.name) }] },
          })),
        },
      });
    await gateway.setStatus({
      conditions: [
        condition("Accepted", true),
        condition(
          "Programmed",
          [...certificates.values()].every((each) => typeof each !== "string"),
        ),
      ],
      listeners: [...certificates].map(([name, certificate]) => ({
        name,
        conditions: [
          typeof certificate === "string"
            ? condition("ResolvedRefs", false, { reason: "InvalidCertificateRef", message: certificate })
            : condition("ResolvedRefs", true),
        ],
      })),
    });
  });
}

/** Returns the certificate that the options of a listener name. Returns why not as text. */
async function certificateOf(
  namespace: string,
  options: Readonly<Record<string, string>>,
  { kubectl, entra, vaults }: AppRoutingOptions,
): Promise<Certificate | string> {
  const { [CERTIFICATE_OPTIONS.uri]: uri = "", [CERTIFICATE_OPTIONS.serviceAccount]: account = "" } = options;
  const [, vault = "", name = ""] =
    /^https:\/\/([^./]+)\.vault\.azure\.net\/certificates\/([^/]+)$/.exec(uri) ?? [];
  const { metadata } = JSON.parse(
    await kubectl(["get", "serviceaccount", account, "--namespace", namespace, "--output=json"]),
  ) as { metadata: Record<"labels" | "annotations", Record<string, string>> };
  const identity = workloadIdentity.injectionOf(metadata.labels, metadata.annotations);
  if (identity === undefined) return `service account ${account} has no identity`;
  const accountToken = await kubectl([
    ...["create", "token", account, "--namespace", namespace],
    `--audience=${EXCHANGE_AUDIENCE}`,
  ]);
  const token = await entra.exchange({
    tenant: identity.env["AZURE_TENANT_ID"] ?? "",
    clientId: identity.env["AZURE_CLIENT_ID"] ?? "",
    scope: VAULT_SCOPE,
    token: accountToken.trim(),
  });
  return token === undefined ? "AADSTS700213" : vaults.certificateOf(vault, name, token);
}

function tlsSecret(name: string, namespace: string, { cert, key }: Certificate): object {
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/tls",
    metadata: { name, namespace },
    stringData: { "tls.crt": cert, "tls.key": key },
  };
}
