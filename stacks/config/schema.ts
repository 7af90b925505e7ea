import { z } from "zod";
import { GREATEST_LATENCY_MS } from "../../runtime/contract/latency-buckets.ts";
import { cloudSchema } from "./schema/cloud.ts";
import { clusterSchema, managedClusterSchema } from "./schema/cluster.ts";
import { fitFoundation } from "./schema/fit-foundation.ts";
import { fitTogether } from "./schema/fit-together.ts";
import { environmentSchema, gpuRequestSchema } from "./schema/environment.ts";
import { imagesSchema } from "./schema/images.ts";
import { refuseIn } from "./schema/refuse.ts";
import { registrySchema } from "./schema/registry.ts";
import { count, nameSchema } from "./schema/scalars.ts";
import { secretsSchema } from "./schema/secrets.ts";
import { sourcesSchema } from "./schema/sources.ts";

/**
 * The config of a platform: every key under `slipway:`. A platform on a foundation takes `cluster`, `cloud`, `registry` and `images` from
 * the file of that stack. The components have the other defaults.
 */
const fields = z.strictObject({
  cluster: clusterSchema,
  /** Cloud resources besides the cluster: required with a managed cluster, not allowed with an existing one. */
  cloud: cloudSchema.optional(),
  registry: registrySchema,
  images: imagesSchema,
  environments: z
    .record(nameSchema, environmentSchema)
    .refine((environments) => Object.keys(environments).length > 0, "must name at least one environment"),
  /** Secrets of a cloud's store, or of Vault, to copy into Kubernetes Secrets. */
  secrets: secretsSchema.prefault({}),
  featureStore: z
    .strictObject({
      maxMemoryMib: count(64).optional(),
      storageGib: count(1).optional(),
      protect: z.boolean().optional(),
    })
    .prefault({}),
  training: z
    .strictObject({
      cpuLimitMillis: count(100).optional(),
      memoryMib: count(1024).optional(),
      /** GPUs of the `train` job. */
      gpu: gpuRequestSchema.optional(),
      /** Limit of the 99th percentile latency of a candidate in staging, in milliseconds. */
      validationP99Ms: z.number().positive().optional(),
      /** Requests per second that a candidate must reach in staging. */
      validationRequestsPerSecond: z.number().positive().optional(),
    })
    .prefault({}),
  /** How pods reach the sources of workloads. */
  sources: sourcesSchema.prefault({}),
  drift: z
    .strictObject({
      intervalMinutes: count(1)
        .max(30)
        .refine((minutes) => 60 % minutes === 0, "must divide 60: 1, 2, 3, 4, 5, 6, 10, 12, 15, 20 or 30")
        .default(5),
      threshold: z.number().positive().default(0.25),
      minRows: count(500).optional(),
      windowRows: count(500).optional(),
    })
    .prefault({}),
  monitoring: z
    .strictObject({
      retentionDays: count(1).optional(),
      storageGib: count(1).optional(),
      scrapeSeconds: count(5).optional(),
      availability: z.number().gt(0.931).lt(1).optional(),
      /** Less than the last bucket of the histogram, which cannot show longer times. */
      p99Ms: z.number().positive().lt(GREATEST_LATENCY_MS).optional(),
    })
    .prefault({}),
  alerts: z.discriminatedUnion("receiver", [
    /** Shows the messages in the cluster instead of sending them to Slack. */
    z.strictObject({ receiver: z.literal("local"), groupWaitSeconds: count(0).optional() }),
    z
      .strictObject({
        receiver: z.literal("slack"),
        /** URL of an incoming webhook. Set it with --secret. */
        slackUrl: z.url().optional(),
        /** Name of a Secret in the namespace `monitoring` with the URL of the webhook under `url`. */
        slackUrlSecret: nameSchema.optional(),
        groupWaitSeconds: count(0).optional(),
      })
      .refine(
        ({ slackUrl, slackUrlSecret }) => (slackUrl === undefined) !== (slackUrlSecret === undefined),
        "must have exactly one of slackUrl (a secret) and slackUrlSecret",
      ),
  ]),
});
export const configSchema = fields.superRefine(fitTogether);
export type StackConfig = z.infer<typeof configSchema>;

/** The config of a foundation: what must be there before anything can be deployed. */
export const foundationSchema = z
  .strictObject({
    cluster: managedClusterSchema,
    cloud: cloudSchema,
    registry: registrySchema,
    images: imagesSchema,
  })
  .superRefine((config, context) => fitFoundation(config, refuseIn(context)));
export type FoundationStackConfig = z.infer<typeof foundationSchema>;

/** Paths whose values must be Pulumi secrets. */
export const SECRET_PATHS: readonly string[] = ["alerts.slackUrl"];
/** Paths whose values no message shows: secrets, and addresses in which a login may stand by mistake. */
export const HIDDEN_PATHS: readonly string[] = [
  ...SECRET_PATHS,
  "sources.packageIndex",
  "sources.proxy",
  "sources.endpoints",
];
