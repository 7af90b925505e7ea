import { z } from "zod";
import { servingEnvSchema } from "./env.ts";

/** Places where a server of the runtime image can run; each has its own form of requests. */
export const SERVING_TARGETS = [
  "kubernetes",
  "sagemaker",
  "vertex",
  "azure-ml",
  "lambda",
  "cloud-run",
  "cloud-functions",
  "azure-functions",
] as const;
export type ServingTarget = (typeof SERVING_TARGETS)[number];

/** Variable that decides how `slipway serve` reads the rest of its environment. */
export const servingTargetEnvSchema = z.object({
  SLIPWAY_TARGET: z.enum(SERVING_TARGETS).default("kubernetes"),
});

/** Folders in which a target puts the model for its server, as an OCI image layout. */
export const MODEL_LAYOUT_DIRECTORY = {
  /** SageMaker unpacks model data here. */
  sagemaker: "/opt/ml/model",
} as const;

/** Path to which Azure Machine Learning sends requests. */
export const AZURE_ML_SCORING_PATH = "/score";

/**
 * Environment of a server outside of Kubernetes. It needs a registry or mounted files with its model. The feature store is
 * optional: without one, `infer` works and `:predict` does not.
 */
export const managedServingEnvSchema = servingEnvSchema
  .extend({
    SLIPWAY_REGISTRY: z.url().optional(),
    /** Folder with an OCI image layout that holds the model, used instead of the registry. */
    SLIPWAY_MODEL_LAYOUT: z.string().startsWith("/").optional(),
    DOCKER_CONFIG: z.string().default("/tmp"),
    SLIPWAY_FEATURE_STORE_URL: z.url().optional(),
    SLIPWAY_FEATURE_STORE_PASSWORD: z.string().optional(),
    /** 0, because such a target ends containers by itself, most of them after 10 seconds. */
    SLIPWAY_DRAIN_SECONDS: z.coerce.number().min(0).default(0),
  })
  .refine(
    (env) => (env.SLIPWAY_REGISTRY === undefined) !== (env.SLIPWAY_MODEL_LAYOUT === undefined),
    "exactly one of SLIPWAY_REGISTRY and SLIPWAY_MODEL_LAYOUT must be set",
  )
  .refine(
    (env) =>
      (env.SLIPWAY_FEATURE_STORE_URL === undefined) === (env.SLIPWAY_FEATURE_STORE_PASSWORD === undefined),
    "SLIPWAY_FEATURE_STORE_URL and SLIPWAY_FEATURE_STORE_PASSWORD must be set together, or neither",
  );
export type ManagedServingEnv = z.infer<typeof managedServingEnvSchema>;

/** Names of the variables that components set for a server outside of Kubernetes. */
export type ManagedServingVariable = keyof ManagedServingEnv | "SLIPWAY_TARGET";
