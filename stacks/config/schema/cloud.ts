import { z } from "zod";
import { backupSchema } from "./backup.ts";
import { eachOnce } from "./each-once.ts";
import { count } from "./scalars.ts";
import { TARGET_KINDS } from "./target.ts";

function dnsName(example: string): z.ZodString {
  return z.string().regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/, `must be a DNS name such as ${example}`);
}

/** Cloud resources of a stack besides its cluster. A stack on an existing cluster has none of them. */
export const cloudSchema = z.strictObject({
  /** Prefix of names that must be unique in a whole cloud. */
  prefix: z
    .string()
    .regex(/^[a-z][a-z0-9]{2,11}$/, "must be 3 to 12 lower-case letters and digits, a letter first"),
  /** Tags or labels of every resource that accepts them. `owner` and `environment` are required, so that a bill can be read. */
  tags: z
    .record(
      z
        .string()
        .refine((key) => !/^aws:/i.test(key), {
          error: "must not begin with aws:, which AWS keeps for tags of its own",
          abort: true,
        })
        .regex(/^[a-z][a-z0-9_-]{0,62}$/, "must be lower case, because labels of Google Cloud are"),
      z.string().regex(/^[a-z0-9_-]{1,63}$/, "must be lower case, because labels of Google Cloud are"),
    )
    .refine(
      (tags) => ["owner", "environment"].every((tag) => tag in tags),
      "must have owner and environment",
    ),
  budget: z.strictObject({
    /** Monthly budget in US dollars: of the account on AWS, of the project on Google Cloud, of the resource groups of the stack on Azure. */
    monthlyUsd: z.number().positive(),
    emails: z
      .array(z.email())
      .min(1)
      .refine(...eachOnce("address")),
    /** Google Cloud only: the billing account. Default: the billing account of the project, which the deployer must be allowed to read. */
    billingAccount: z
      .string()
      .regex(
        /^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/,
        "must be a billing account such as 01A2B3-C4D5E6-F7A8B9",
      )
      .optional(),
  }),
  /** Whether Pulumi refuses to delete resources that store data. */
  protect: z.boolean().default(true),
  /** A managed PostgreSQL, for tools that need one. Default: none. */
  database: z
    .strictObject({
      machine: z.string().min(1).optional(),
      storageGib: count(20).optional(),
      highAvailability: z.boolean().optional(),
    })
    .optional(),
  /** A managed Redis as the online feature store. Default: none, the feature store runs in the cluster. */
  redis: z
    .strictObject({
      machine: z.string().min(1).optional(),
      memoryGib: count(1).optional(),
      replicas: count(1).optional(),
    })
    .optional(),
  /** A DNS zone, and a certificate for it. Default: none. */
  dns: z
    .strictObject({
      zone: dnsName("ml.example.com"),
      /** AWS only: whether the parent zone delegates to the name servers of the zone. Only then `up` waits for the certificate. */
      delegated: z.boolean().default(false),
      /** Google Cloud and Azure: lets the cluster make load balancers for gateways. */
      ingress: z.boolean().default(false),
      /** Azure only: authorities that may issue certificates for names in the zone. Default: letsencrypt.org. */
      authorities: z
        .array(dnsName("digicert.com"))
        .min(1)
        .refine(...eachOnce("authority"))
        .optional(),
    })
    .optional(),
  /** Daily backups. Default: none besides those of the managed databases. */
  backup: backupSchema.optional(),
  /** Names of secrets for pods in the secret store of the cloud. People set their values. */
  secrets: z
    .array(z.string().regex(/^[a-z][a-z0-9-]*$/, "must be a name such as slack-webhook"))
    .refine(...eachOnce("secret"))
    .prefault([]),
  /** Kinds of targets that services of the platform use, such as lambda. The foundation prepares the cloud for them. */
  targets: z
    .array(z.enum(TARGET_KINDS))
    .refine(...eachOnce("kind"))
    .prefault([]),
});
export type CloudConfig = z.infer<typeof cloudSchema>;
