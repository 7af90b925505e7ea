import type { ServiceAccountIdentity } from "../../components/platform/kubernetes/service-account-identity.ts";
import type { SecretStores } from "../../components/platform/secrets/external-secrets.ts";

/** A service account that reads secrets of the cloud's own store. */
export interface SecretsRequest {
  namespace: string;
  serviceAccount: string;
  /** Secrets of `cloud.secrets`: these and no others. */
  secrets: readonly string[];
}

export interface SecretAccess {
  /** How the store is reached. */
  stores: SecretStores;
  /** Who the service account is in the cloud. */
  identity: ServiceAccountIdentity;
}
