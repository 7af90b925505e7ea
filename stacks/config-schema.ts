import { z } from "zod";
import { digestSchema } from "../runtime/contract/artifact-reference.ts";
import { MODEL_ALIASES } from "../runtime/contract/artifact-kind.ts";

/** Namespaces of the platform itself: no environment may take their names. */
export const RESERVED_ENVIRONMENTS = ["platform", "monitoring"];

const nameSchema = z
  .string()
  .regex(
    /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/,
    "must be 1 to 40 lower-case letters, digits and hyphens, a letter first",
  );
const count = (minimum: number): z.ZodNumber => z.number().int().min(minimum);

const modelSchema = z
  .strictObject({
    /** Serves this version until the config says another: the way of production. */
    digest: digestSchema.optional(),
    /** Serves what the tag names at the time of `up`. */
    follow: z.enum(MODEL_ALIASES).optional(),
  })
  .refine(
    ({ digest, follow }) => (digest === undefined) !== (follow === undefined),
    `must have exactly one of digest: "sha256:…" and follow: ${MODEL_ALIASES.join(" | ")}`,
  );

const serviceSchema = z.strictObject({
  workload: nameSchema,
  /** Model of the workload. Default: the name of the service. */
  modelName: nameSchema.optional(),
  /** Which version to serve. Default: none yet, so that there is no service. */
  model: modelSchema.optional(),
  replicas: count(1).optional(),
  cpuRequestMillis: count(10).optional(),
  cpuLimitMillis: count(10).optional(),
  memoryMib: count(256).optional(),
  logSample: z.number().min(0).max(1).optional(),
  logMaxEntries: count(1).optional(),
  drainSeconds: count(0).optional(),
});

const environmentSchema = z.strictObject({
  /** Service → what it serves. */
  services: z.record(nameSchema, serviceSchema).prefault({}),
  quota: z
    .strictObject({
      cpuRequestMillis: count(100).optional(),
      memoryMib: count(256).optional(),
      pods: count(1).optional(),
    })
    .prefault({}),
});

const registryHost = {
  host: z
    .string()
    .regex(
      /^[a-zA-Z0-9.-]+(:\d+)?$/,
      "must be a host, with a port where it is not the default, and no scheme",
    ),
  /** Path before every repository. */
  prefix: z
    .string()
    .regex(/^[a-z0-9._/-]+$/, "must be a path such as team/ml")
    .optional(),
};

/** The stack config: every key under `slipway:`. Defaults that are not here are those of the components. */
export const configSchema = z.strictObject({
  cluster: z
    .strictObject({
      kind: z.literal("existing"),
      /** Path, from the project's root. Default: what the environment says. */
      kubeconfig: z.string().min(1).optional(),
      context: z.string().min(1).optional(),
    })
    .prefault({ kind: "existing" }),
  registry: z.discriminatedUnion("kind", [
    /** Beside the cluster, over http. */
    z.strictObject({ kind: z.literal("local"), ...registryHost, credentialsFile: z.string().min(1) }),
    /** A team's own, over https. Without a file, nodes and pods have an identity of their own. */
    z.strictObject({
      kind: z.literal("existing"),
      ...registryHost,
      credentialsFile: z.string().min(1).optional(),
    }),
  ]),
  images: z.strictObject({ lockFile: z.string().min(1) }),
  environments: z
    .record(nameSchema, environmentSchema)
    .refine((environments) => Object.keys(environments).length > 0, "must name at least one environment")
    .refine(
      (environments) => RESERVED_ENVIRONMENTS.every((name) => !(name in environments)),
      `must not be named ${RESERVED_ENVIRONMENTS.join(" or ")}: the platform uses these itself`,
    ),
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
      /** What a candidate has to reach in staging. */
      validationP99Ms: z.number().positive().optional(),
      validationRequestsPerSecond: z.number().positive().optional(),
    })
    .prefault({}),
  drift: z
    .strictObject({
      intervalMinutes: count(1).max(30).default(5),
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
      p99Ms: z.number().positive().optional(),
    })
    .prefault({}),
  alerts: z.discriminatedUnion("receiver", [
    /** Shows in the cluster what Slack would have got. */
    z.strictObject({ receiver: z.literal("local"), groupWaitSeconds: count(0).optional() }),
    z
      .strictObject({
        receiver: z.literal("slack"),
        /** Incoming webhook: set it with --secret. */
        slackUrl: z.url().optional(),
        /** Name of a Secret in the namespace `monitoring` with the webhook's URL under `url`, for those who keep secrets elsewhere. */
        slackUrlSecret: nameSchema.optional(),
        groupWaitSeconds: count(0).optional(),
      })
      .refine(
        ({ slackUrl, slackUrlSecret }) => (slackUrl === undefined) !== (slackUrlSecret === undefined),
        "must have exactly one of slackUrl (a secret) and slackUrlSecret",
      ),
  ]),
});
export type StackConfig = z.infer<typeof configSchema>;
export type ServiceConfig = z.infer<typeof serviceSchema>;

/** Paths whose values no message ever shows. */
export const SECRET_PATHS: readonly string[] = ["alerts.slackUrl"];
