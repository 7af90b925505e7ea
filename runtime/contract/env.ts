import { z } from "zod";
import { artifactReferenceSchema } from "./artifact-reference.ts";

/**
 * Variables that a cloud sets in the pods of a service account with an identity of the cloud; no component sets them.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-configuration.html
 * @see https://azure.github.io/azure-workload-identity/docs/installation/mutating-admission-webhook.html
 */
const cloudIdentityEnvSchema = z.object({
  AWS_ROLE_ARN: z.string().optional(),
  AWS_WEB_IDENTITY_TOKEN_FILE: z.string().optional(),
  AZURE_AUTHORITY_HOST: z.url().optional(),
  AZURE_CLIENT_ID: z.string().optional(),
  AZURE_FEDERATED_TOKEN_FILE: z.string().optional(),
  AZURE_TENANT_ID: z.string().optional(),
  /** Host of Google's metadata server, if it is not the usual one. */
  GCE_METADATA_HOST: z.string().optional(),
});
export type CloudIdentityEnv = z.infer<typeof cloudIdentityEnvSchema>;

/** Environment variables that components set for containers. Values are strings in the container and typed on both sides. */
export const registryEnvSchema = cloudIdentityEnvSchema.extend({
  /** Base URL of the registry, with a path where repositories have a prefix. */
  SLIPWAY_REGISTRY: z.url(),
  /** Folder with a Docker `config.json` that holds the credentials. */
  DOCKER_CONFIG: z.string(),
  /** Revision of the code in this image. */
  SLIPWAY_REVISION: z.string().default("unknown"),
});
/** The variables that components set. */
type OfComponents<Variables> = Omit<Variables, keyof CloudIdentityEnv>;
export type RegistryEnv = OfComponents<z.input<typeof registryEnvSchema>>;

/** Package index of a stack that names no other. */
export const DEFAULT_PACKAGE_INDEX = "https://pypi.org/simple";

/** Folder of the job that fetches sources with a folder for each Secret that it may read, which has a file for each entry. */
export const SOURCE_SECRETS_FOLDER = "/run/slipway/source-secrets";

/** Variables of the job that fetches sources, in addition to those of every job. */
export const sourceEnvSchema = registryEnvSchema.extend({
  /** Base URL of a Python package index: its page of a package is at `URL/NAME/`. */
  SLIPWAY_PACKAGE_INDEX: z.url({ protocol: /^https?$/ }).default(DEFAULT_PACKAGE_INDEX),
  /** Folder of the Secrets for sources. */
  SLIPWAY_SOURCE_SECRETS: z.string().default(SOURCE_SECRETS_FOLDER),
});
export type SourceEnv = OfComponents<z.input<typeof sourceEnvSchema>>;

/** Variables of the job that trains, in addition to those of every job. */
export const trainerEnvSchema = registryEnvSchema.extend({
  /** Path of lib_lightgbm.so; the runtime image sets it. */
  SLIPWAY_LIGHTGBM_LIBRARY: z.string(),
});
export type TrainerEnv = OfComponents<z.input<typeof trainerEnvSchema>>;

export const featureStoreEnvSchema = z.object({
  /** URL such as `redis://feature-store.platform.svc:6379`, without a password; `rediss://` uses TLS. */
  SLIPWAY_FEATURE_STORE_URL: z.url(),
  /** User of Redis' access control lists. @default - Redis' default user */
  SLIPWAY_FEATURE_STORE_USERNAME: z.string().min(1).optional(),
  SLIPWAY_FEATURE_STORE_PASSWORD: z.string(),
  /** PEM of the authority that signed Redis' certificate, or the path of a file with it. @default - the public authorities */
  SLIPWAY_FEATURE_STORE_CA: z.string().min(1).optional(),
});
export type FeatureStoreEnv = z.input<typeof featureStoreEnvSchema>;

export const servingEnvSchema = registryEnvSchema.extend(featureStoreEnvSchema.shape).extend({
  /** Reference of the model to serve. The server verifies its digest before it becomes ready. */
  SLIPWAY_MODEL: artifactReferenceSchema,
  /** Name of the environment, such as `staging`. */
  SLIPWAY_ENVIRONMENT: z.string(),
  /** Name of the service in its environment; part of the key of the prediction log. */
  SLIPWAY_SERVICE: z.string().min(1),
  /** Share of predictions that are logged for drift, 0 to 1. */
  SLIPWAY_LOG_SAMPLE: z.coerce.number().min(0).max(1).default(1),
  /** Greatest number of predictions in the log. */
  SLIPWAY_LOG_MAX_ENTRIES: z.coerce.number().int().min(1).default(50_000),
  /** Seconds in which the server still answers after SIGTERM, until its endpoints are withdrawn. */
  SLIPWAY_DRAIN_SECONDS: z.coerce.number().min(0).default(10),
  /** Folder of a mounted Secret with the digests of API keys, by caller. @default - the port of the gateway stays closed */
  SLIPWAY_API_KEYS: z.string().min(1).optional(),
});
export type ServingEnv = OfComponents<z.infer<typeof servingEnvSchema>>;

export const driftEnvSchema = registryEnvSchema.extend(featureStoreEnvSchema.shape).extend({
  SLIPWAY_MODEL: artifactReferenceSchema,
  SLIPWAY_ENVIRONMENT: z.string(),
  /** Name of the service in its environment whose predictions are compared. */
  SLIPWAY_SERVICE: z.string().min(1),
  /** URL such as `http://pushgateway.monitoring.svc:9091`. */
  SLIPWAY_PUSHGATEWAY_URL: z.url(),
  /** PSI from which a variable counts as drifted. */
  SLIPWAY_DRIFT_THRESHOLD: z.coerce.number().positive().default(0.25),
  /** Least number of rows for a verdict; at least 500, because with fewer rows PSI is mostly noise. */
  SLIPWAY_DRIFT_MIN_ROWS: z.coerce.number().int().min(500).default(500),
  /** Greatest number of rows of the window: the newest ones. */
  SLIPWAY_DRIFT_WINDOW_ROWS: z.coerce.number().int().min(500).default(5_000),
});
export type DriftEnv = OfComponents<z.infer<typeof driftEnvSchema>>;
