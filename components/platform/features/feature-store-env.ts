import type * as pulumi from "@pulumi/pulumi";
import type { FeatureStoreEnv } from "../../../runtime/contract/env.ts";
import type { Env } from "../kubernetes/runtime-container.ts";

/** Keys of the Secret by which a client connects to the feature store. */
export const FEATURE_STORE_PASSWORD_KEY = "password";
export const FEATURE_STORE_CA_KEY = "ca.crt";

/** How a client connects to the feature store. */
export interface FeatureStoreAccess {
  /** URL without the password. */
  url: string | pulumi.Output<string>;
  /** User of Redis' access control lists. @default - Redis' default user */
  username?: string | pulumi.Output<string>;
  /** Name of the Secret, in the client's namespace, that holds the password under `password`. */
  passwordSecret: pulumi.Output<string>;
  /** Name of the Secret, in the client's namespace, that holds the certificate authority of the store under `ca.crt`. @default - a public authority, or no TLS */
  caSecret?: pulumi.Output<string>;
}

/** Returns the environment variables by which a container connects to the feature store. The password stays in its Secret. */
export function featureStoreEnv({
  url,
  username,
  passwordSecret,
  caSecret,
}: FeatureStoreAccess): Env<keyof FeatureStoreEnv> {
  return {
    SLIPWAY_FEATURE_STORE_URL: url,
    SLIPWAY_FEATURE_STORE_USERNAME: username,
    SLIPWAY_FEATURE_STORE_PASSWORD: { secret: passwordSecret, key: FEATURE_STORE_PASSWORD_KEY },
    SLIPWAY_FEATURE_STORE_CA:
      caSecret === undefined ? undefined : { secret: caSecret, key: FEATURE_STORE_CA_KEY },
  };
}
