import type { ServiceAccountIdentity } from "../../components/platform/kubernetes/service-account-identity.ts";
import type { SecretStores } from "../../components/platform/secrets/external-secrets.ts";

/** Asks that a service account may read secrets of the stack's store in its cloud. */
export interface SecretsRequest {
  namespace: string;
  serviceAccount: string;
  /** Names from `cloud.secrets`. The service account may read these and no others. */
  secrets: readonly string[];
}

export interface SecretAccess {
  /** Address of the store, by its kind. */
  stores: SecretStores;
  /** Identity of the service account in the cloud. */
  identity: ServiceAccountIdentity;
}
