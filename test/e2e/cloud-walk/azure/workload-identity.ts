import type { IdentityWebhookOptions } from "../kubernetes/identity-webhook.ts";
import { LOGIN_HOST } from "./azure-place.ts";

const MOUNT = "/var/run/secrets/azure/tokens";
const FILE = "azure-identity-token";

/** Audience of tokens that Entra exchanges. */
export const EXCHANGE_AUDIENCE = "api://AzureADTokenExchange";

/**
 * How AKS gives labeled pods the identity in their service account's annotations: a token for Entra, and the variables that name both.
 *
 * @see https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html
 */
export const workloadIdentity: Pick<IdentityWebhookOptions, "name" | "injectionOf"> = {
  name: "mutation.azure-workload-identity.io",
  injectionOf: (labels, annotations) => {
    if (labels["azure.workload.identity/use"] !== "true") return undefined;
    return {
      volume: FILE,
      mountPath: MOUNT,
      token: { audience: EXCHANGE_AUDIENCE, path: FILE },
      env: {
        AZURE_CLIENT_ID: annotations["azure.workload.identity/client-id"] ?? "",
        AZURE_TENANT_ID: annotations["azure.workload.identity/tenant-id"] ?? "",
        AZURE_FEDERATED_TOKEN_FILE: `${MOUNT}/${FILE}`,
        AZURE_AUTHORITY_HOST: `https://${LOGIN_HOST}/`,
      },
    };
  },
};
