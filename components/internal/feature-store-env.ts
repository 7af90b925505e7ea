import type * as pulumi from "@pulumi/pulumi";
import type { FeatureStoreEnv } from "../../runtime/contract/env.ts";
import type { Env } from "./runtime-container.ts";

/** How a client reaches the feature store. */
export interface FeatureStoreAccess {
  /** Without the password. */
  url: string;
  /** Name of the Secret, in the client's namespace, that holds the password under `password`. */
  passwordSecret: pulumi.Output<string>;
}

/** Environment variables by which a container reaches the feature store; the password stays in its Secret. */
export function featureStoreEnv(access: FeatureStoreAccess): Env<keyof FeatureStoreEnv> {
  return {
    SLIPWAY_FEATURE_STORE_URL: access.url,
    SLIPWAY_FEATURE_STORE_PASSWORD: { secret: access.passwordSecret, key: "password" },
  };
}
