import { acceptSchema } from "./accepted.ts";
import { z } from "zod";
import { artifactReferenceSchema, digestSchema } from "../../../runtime/contract/artifact-reference.ts";
import { eachOnce } from "./each-once.ts";
import { count } from "./scalars.ts";

const wholePercent = z.number().int().min(1).max(99);
/** A second version of the model, and its share of the requests in percent; 0 deploys the version without requests. */
const canaryModel = z
  .strictObject({
    model: z.strictObject({ digest: digestSchema, accept: acceptSchema }),
    percent: z.number().int().min(0).max(99),
  })
  .optional();
/** Limits of the number of instances, which follows the load. The component of the target has the defaults. */
const scale = { minInstances: count(1).optional(), maxInstances: count(1).optional() };
const scaleFromZero = { ...scale, minInstances: count(0).optional() };

const sagemaker = z.strictObject({
  kind: z.literal("sagemaker"),
  instanceType: z
    .string()
    .regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, "must be an instance type such as ml.c7i.large")
    .optional(),
  ...scale,
  canary: canaryModel,
});

const lambda = z.strictObject({
  kind: z.literal("lambda"),
  memoryMib: count(512).max(10_240).optional(),
  ...scaleFromZero,
  /** Roles and users that may call its URL, in addition to the administrators of the account. Default: none. */
  callers: z
    .array(
      z.string().regex(/^arn:aws:iam::\d{12}:(role|user)\/[^*]+$/, "must be the ARN of one role or user"),
    )
    .prefault([]),
  /** Sends a share of the requests to the version that is deployed now, and the rest to an existing version. */
  canary: z
    .strictObject({
      stableVersion: z.string().regex(/^[1-9]\d*$/, 'must be the number of a version in quotes, such as "7"'),
      percent: z.number().gt(0).lt(100),
    })
    .optional(),
});

const member = z
  .string()
  .regex(
    /^(serviceAccount|user|group|principal|principalSet|domain):/,
    "must be a member such as serviceAccount:<email>, and not allUsers",
  );

const vertex = z.strictObject({
  kind: z.literal("vertex"),
  /** Name of the endpoint. */
  endpointId: z.string().regex(/^[1-9]\d{0,9}$/, "must be 1 to 10 digits in quotes, no 0 first"),
  machineType: z.string().min(1).optional(),
  ...scale,
  /** Members that may call it. Default: none. */
  invokers: z
    .array(member)
    .refine(...eachOnce("member"))
    .prefault([]),
  /** Set it when the models are uploaded and deployed: only then requests are sent to them. */
  live: z.boolean().default(false),
  canary: canaryModel,
});

const container = {
  cpu: count(1).optional(),
  memoryMib: count(512).optional(),
  ...scaleFromZero,
  /** Sends a share of the requests to the revision that is deployed now, and the rest to an existing revision. */
  canary: z
    .strictObject({
      stableRevision: z.string().regex(/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/, "must be the name of a revision"),
      percent: wholePercent,
    })
    .optional(),
};
const cloudRun = z.strictObject({
  kind: z.literal("cloud-run"),
  ...container,
  /** Members that may call it. Default: none. */
  invokers: z
    .array(member)
    .refine(...eachOnce("member"))
    .prefault([]),
});
const cloudFunctions = z.strictObject({
  kind: z.literal("cloud-functions"),
  /** Pub/Sub topic whose messages are the requests. */
  topic: z
    .string()
    .regex(
      /^projects\/[a-z][a-z0-9-]+\/topics\/[A-Za-z][\w.~+%-]{2,254}$/,
      "must be projects/PROJECT/topics/TOPIC",
    ),
  ...container,
});

const azureMl = z.strictObject({
  kind: z.literal("azure-ml"),
  instanceType: z
    .string()
    .regex(/^Standard_\w+$/, "must be a size such as Standard_F4s_v2")
    .optional(),
  ...scale,
  /** Set it when all deployments exist: only then requests are sent to them. */
  live: z.boolean().default(false),
  canary: canaryModel,
});
const azureFunctions = z.strictObject({
  kind: z.literal("azure-functions"),
  /** Image of the Functions host with the files of the runtime image, in the stack's registry: `<repository>@sha256:…`. */
  image: artifactReferenceSchema,
  size: z.enum(["EP1", "EP2", "EP3"]).optional(),
  minInstances: count(1).optional(),
  maxInstances: count(1).max(100).optional(),
});

/** The managed service that runs a service instead of the cluster, with the settings of that managed service. */
export const targetSchema = z
  .discriminatedUnion("kind", [sagemaker, lambda, vertex, cloudRun, cloudFunctions, azureMl, azureFunctions])
  .refine(
    ({ minInstances, maxInstances }) =>
      minInstances === undefined || maxInstances === undefined || minInstances <= maxInstances,
    { error: "must not be more than maxInstances", path: ["minInstances"] },
  );
export type TargetConfig = z.infer<typeof targetSchema>;
/** Every kind of target. */
export const TARGET_KINDS = [
  "sagemaker",
  "lambda",
  "vertex",
  "cloud-run",
  "cloud-functions",
  "azure-ml",
  "azure-functions",
] as const satisfies readonly TargetConfig["kind"][];
export type TargetKind = (typeof TARGET_KINDS)[number];
/** The config of a target of one kind. */
export type TargetOf<Kind extends TargetKind> = Extract<TargetConfig, { kind: Kind }>;
