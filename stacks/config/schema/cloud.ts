import { z } from "zod";
import { count } from "./scalars.ts";

/** What a stack on a cloud has besides its cluster. A stack on an existing cluster has none of it. */
export const cloudSchema = z.strictObject({
  /** Names of what has to be unique in a whole cloud start with it. */
  prefix: z
    .string()
    .regex(/^[a-z][a-z0-9]{2,11}$/, "must be 3 to 12 lower-case letters and digits, a letter first"),
  /** On everything that takes tags or labels. `owner` and `environment` are required, so that a bill can be read. */
  tags: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, "must be lower case, as Google Cloud's labels have to be"),
      z.string().regex(/^[a-z0-9_-]{1,63}$/, "must be lower case, as Google Cloud's labels have to be"),
    )
    .refine(
      (tags) => ["owner", "environment"].every((tag) => tag in tags),
      "must have owner and environment",
    ),
  budget: z.strictObject({
    /** Of the whole stack, in US dollars. */
    monthlyUsd: z.number().positive(),
    emails: z.array(z.email()).min(1),
    /** Google Cloud alone: its billing account. Default: that of the project, which the deployer has to be allowed to read. */
    billingAccount: z
      .string()
      .regex(
        /^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/,
        "must be a billing account such as 01A2B3-C4D5E6-F7A8B9",
      )
      .optional(),
  }),
  /** Refuse to delete what holds data. */
  protect: z.boolean().default(true),
  /** A managed PostgreSQL, for tools that want one. Default: none. */
  database: z
    .strictObject({
      machine: z.string().min(1).optional(),
      storageGib: count(20).optional(),
      highAvailability: z.boolean().optional(),
    })
    .optional(),
  /** A managed Redis as the online feature store. Default: none, it runs in the cluster. */
  redis: z
    .strictObject({
      machine: z.string().min(1).optional(),
      memoryGib: count(1).optional(),
      replicas: count(1).optional(),
    })
    .optional(),
  /** A zone, and a certificate for it. Default: none. */
  dns: z
    .strictObject({
      zone: z.string().regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/, "must be a DNS name such as ml.example.com"),
      /** Lets the internet in, over https. */
      ingress: z.boolean().default(false),
    })
    .optional(),
  /** Names of secrets that people fill in the cloud's secret store, for pods to read. */
  secrets: z
    .array(z.string().regex(/^[a-z][a-z0-9-]*$/, "must be a name such as slack-webhook"))
    .prefault([]),
});
export type CloudConfig = z.infer<typeof cloudSchema>;
