import { cloudCredentials } from "../artifacts/cloud/cloud-credentials.ts";
import { managedCredentials } from "../artifacts/cloud/managed-credentials.ts";
import { loadCredentials } from "../artifacts/credentials.ts";
import { connectRegistry, registryClient, type RegistryClient } from "../artifacts/registry-client.ts";
import { servingEnvSchema, type FeatureStoreEnv } from "../contract/env.ts";
import { managedServingEnvSchema, type ServingTarget } from "../contract/serving-target.ts";
import { parseEnv, type JobContext } from "../job.ts";
import type { ModelServerOptions } from "./model-server.ts";
import { ociLayout } from "../artifacts/oci-layout.ts";

export interface ServingSource {
  env: ModelServerOptions["env"];
  registry: RegistryClient;
  featureStore: FeatureStoreEnv | undefined;
  drainSeconds: number;
  /** Folder with the digests of API keys; undefined if the server has no port for a gateway. */
  apiKeys: string | undefined;
}

/**
 * Returns the server's model, registry and feature store from its environment. In Kubernetes all of them are required. Elsewhere the
 * model may be in a folder, the feature store is optional, and a registry of the cloud is used with the server's own identity
 * unless DOCKER_CONFIG has credentials.
 */
export async function servingSource(target: ServingTarget, raw: JobContext["env"]): Promise<ServingSource> {
  if (target === "kubernetes") {
    const env = parseEnv(raw, servingEnvSchema);
    const registry = await connectRegistry(env);
    const { SLIPWAY_DRAIN_SECONDS: drainSeconds, SLIPWAY_API_KEYS: apiKeys } = env;
    return { env, registry, featureStore: env, drainSeconds, apiKeys };
  }
  const env = parseEnv(raw, managedServingEnvSchema);
  const { SLIPWAY_FEATURE_STORE_URL: url, SLIPWAY_FEATURE_STORE_PASSWORD: password } = env;
  const featureStore: FeatureStoreEnv | undefined =
    url === undefined || password === undefined
      ? undefined
      : {
          SLIPWAY_FEATURE_STORE_URL: url,
          SLIPWAY_FEATURE_STORE_USERNAME: env.SLIPWAY_FEATURE_STORE_USERNAME,
          SLIPWAY_FEATURE_STORE_PASSWORD: password,
          SLIPWAY_FEATURE_STORE_CA: env.SLIPWAY_FEATURE_STORE_CA,
        };
  const registry =
    env.SLIPWAY_MODEL_LAYOUT === undefined
      ? await connectAsOneself(env.SLIPWAY_REGISTRY ?? "", env.DOCKER_CONFIG, raw)
      : ociLayout(env.SLIPWAY_MODEL_LAYOUT);
  return { env, registry, featureStore, drainSeconds: env.SLIPWAY_DRAIN_SECONDS, apiKeys: undefined };
}

async function connectAsOneself(
  url: string,
  dockerConfig: string,
  raw: JobContext["env"],
): Promise<RegistryClient> {
  const { host } = new URL(url);
  const credentials =
    (await loadCredentials(dockerConfig, host)) ??
    cloudCredentials(host, raw, fetch) ??
    (await managedCredentials(host, raw));
  return registryClient({ url, ...(credentials === undefined ? {} : { credentials }) });
}
