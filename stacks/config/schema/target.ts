import { z } from "zod";
import { artifactReferenceSchema, digestSchema } from "../../../runtime/contract/artifact-reference.ts";
import { count } from "./scalars.ts";

const wholePercent = z.number().int().min(1).max(99);
/** Another version of the model beside the service's own, and its share of the requests; 0 deploys it and sends it none. */
const canaryModel = z
  .strictObject({
    model: z.strictObject({ digest: digestSchema }),
    percent: z.number().int().min(0).max(99),
  })
  .optional();
/** Instances from `minInstances` to `maxInstances`, by load. Defaults are those of the target's component. */
const scale = { minInstances: count(1).optional(), maxInstances: count(1).optional() };
const scaleFromNone = { ...scale, minInstances: count(0).optional() };

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
  ...scaleFromNone,
  /** Who may call its URL besides the account's administrators. Default: nobody. */
  callers: z
    .array(
      z.string().regex(/^arn:aws:iam::\d{12}:(role|user)\/[^*]+$/, "must be the ARN of one role or user"),
    )
    .prefault([]),
  /** Sends a share of the requests to what is being deployed, and the rest to a version that is there. */
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
    "must be a member such as serviceAccount:<email>, and not everybody",
  );

const vertex = z.strictObject({
  kind: z.literal("vertex"),
  /** Name of the endpoint. */
  endpointId: z.string().regex(/^[1-9]\d{0,9}$/, "must be 1 to 10 digits in quotes, no 0 first"),
  machineType: z.string().min(1).optional(),
  ...scale,
  /** Who may ask it. Default: nobody. */
  invokers: z.array(member).prefault([]),
  /** Whether the models were uploaded and deployed, so that requests may go to them. */
  live: z.boolean().default(false),
  canary: canaryModel,
});

const container = {
  cpu: count(1).optional(),
  memoryMib: count(512).optional(),
  ...scaleFromNone,
  /** Sends a share of the requests to what is being deployed, and the rest to a revision that is there. */
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
  /** Who may call it. Default: nobody. */
  invokers: z.array(member).prefault([]),
});
const cloudFunctions = z.strictObject({
  kind: z.literal("cloud-functions"),
  /** Topic of Pub/Sub whose messages are requests. */
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
  /** Whether all deployments are there, so that requests may go to them. */
  live: z.boolean().default(false),
  canary: canaryModel,
});
const azureFunctions = z.strictObject({
  kind: z.literal("azure-functions"),
  /** The Functions host with the runtime image's files, in the stack's registry: `<repository>@sha256:…`. */
  image: artifactReferenceSchema,
  size: z.enum(["EP1", "EP2", "EP3"]).optional(),
  minInstances: count(1).optional(),
  maxInstances: count(1).max(100).optional(),
});

/** Where a service runs instead of the cluster, in that target's own terms. */
export const targetSchema = z
  .discriminatedUnion("kind", [sagemaker, lambda, vertex, cloudRun, cloudFunctions, azureMl, azureFunctions])
  .refine(
    ({ minInstances, maxInstances }) =>
      minInstances === undefined || maxInstances === undefined || minInstances <= maxInstances,
    { error: "must not be more than maxInstances", path: ["minInstances"] },
  );
export type TargetConfig = z.infer<typeof targetSchema>;
export type TargetKind = TargetConfig["kind"];
/** The config of a target of one kind. */
export type TargetOf<Kind extends TargetKind> = Extract<TargetConfig, { kind: Kind }>;
