import type { ServiceAccountIdentity } from "../../components/platform/kubernetes/service-account-identity.ts";
import type { SecretStores } from "../../components/platform/secrets/external-secrets.ts";

/** Request that a service account may read secrets of the stack's secret store in its cloud. */
export interface SecretsRequest {
  namespace: string;
  serviceAccount: string;
  /** Names from `cloud.secrets`. The service account may read these and no others. */
  secrets: readonly string[];
}

/** Access to the secret store, as `ExternalSecrets` takes it. */
export interface SecretAccess {
  /** Address of the store, by its kind. */
  stores: SecretStores;
  /** Identity of the service account in the cloud. */
  identity: ServiceAccountIdentity;
}
