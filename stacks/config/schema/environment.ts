import { z } from "zod";
import { GPU_TYPES } from "../../../components/platform/kubernetes/gpu-types.ts";
import { MODEL_ALIASES } from "../../../runtime/contract/moving-tags.ts";
import { digestSchema } from "../../../runtime/contract/artifact-reference.ts";
import { acceptSchema } from "./accepted.ts";
import { eachOnce } from "./each-once.ts";
import { gatewaySchema } from "./gateway.ts";
import { count, nameSchema } from "./scalars.ts";
import { targetSchema } from "./target.ts";

/** GPUs of one pod. On a managed cluster, one of its gpuPools must have them. */
export const gpuRequestSchema = z.strictObject({ type: z.enum(GPU_TYPES), count: count(1).default(1) });

const modelSchema = z
  .strictObject({
    /** Serves exactly this version. Recommended for production; `follow` is for development. */
    digest: digestSchema.optional(),
    /** Serves the version that the tag names when `up` runs. */
    follow: z.enum(MODEL_ALIASES).optional(),
    /** Why this version is served although the gate of its model, as it is now, refuses it. Default: such a version is refused. */
    accept: acceptSchema,
  })
  .refine(
    ({ digest, follow }) => (digest === undefined) !== (follow === undefined),
    `must have exactly one of digest: "sha256:…" and follow: ${MODEL_ALIASES.join(" | ")}`,
  )
  .refine(({ accept, follow }) => accept === undefined || follow === undefined, {
    path: ["accept"],
    message: "must be left out beside follow: it accepts one version, by its digest",
  });

/** Keys that configure the pods of a service. Beside a target, only `logSample` is allowed. */
const podsSchema = z.strictObject({
  replicas: count(1).optional(),
  /** Adds pods under load, up to `maxReplicas`; `replicas` is the least number then. Default: the number of pods is fixed. */
  autoscaling: z
    .strictObject({
      maxReplicas: count(2),
      /** Use of CPU, in percent of `cpuLimitMillis`, above which pods are added. */
      cpuPercent: count(10).max(95).optional(),
      /** Whether an autoscaler that the user deploys sets the number of pods. Default: false. */
      external: z.boolean().optional(),
    })
    .optional(),
  cpuRequestMillis: count(10).optional(),
  cpuLimitMillis: count(10).optional(),
  memoryMib: count(256).optional(),
  gpu: gpuRequestSchema.optional(),
  logSample: z.number().min(0).max(1).optional(),
  logMaxEntries: count(1).optional(),
  drainSeconds: count(0).optional(),
  /** Further namespaces whose pods may call the service. Default: none but the platform's own. */
  callers: z
    .array(nameSchema)
    .refine(...eachOnce("namespace"))
    .optional(),
  /** Whether the gateway of the environment publishes the service. Default: false. */
  gateway: z.boolean().optional(),
});

const serviceSchema = z.strictObject({
  workload: nameSchema,
  /** Model of the workload. Default: the name of the service. */
  modelName: nameSchema.optional(),
  /** Version to serve. Default: none, and the service is not created. */
  model: modelSchema.optional(),
  /** Managed service that runs it. Default: none, it runs in the cluster. */
  target: targetSchema.optional(),
  ...podsSchema.shape,
});

const quotaSchema = z.strictObject({
  cpuRequestMillis: count(100).optional(),
  memoryMib: count(256).optional(),
  pods: count(1).optional(),
});

export const environmentSchema = z.strictObject({
  /** Services by name. */
  services: z.record(nameSchema, serviceSchema).prefault({}),
  quota: quotaSchema.prefault({}),
  /** Entrance for callers from outside. Default: none. */
  gateway: gatewaySchema.optional(),
});

export type QuotaConfig = z.infer<typeof quotaSchema>;
export type ServiceConfig = z.infer<typeof serviceSchema>;
export type PodsConfig = z.infer<typeof podsSchema>;

/** Returns the settings of a service about its pods. */
export function podsOf(service: ServiceConfig): PodsConfig {
  const { workload: _workload, modelName: _modelName, model: _model, target: _target, ...pods } = service;
  return pods;
}
