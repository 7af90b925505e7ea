import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { digestSchema } from "../runtime/contract/artifact-reference.ts";

const serviceSchema = z.object({
  name: z.string(),
  model: z.string(),
  workload: z.string(),
  environment: z.string(),
  namespace: z.string(),
  /** Base URL within the cluster. */
  url: z.string(),
  /** URL for callers from outside; null if no gateway publishes the service, also in stacks that an older version has deployed. */
  publicUrl: z.string().nullable().default(null),
  /** `host:port` on the cluster's service network. */
  address: z.string(),
  digest: digestSchema,
  reference: z.string(),
  driftJob: z.string(),
});

/** A service that runs outside of the cluster. */
const managedServiceSchema = z.object({
  name: z.string(),
  model: z.string(),
  workload: z.string(),
  environment: z.string(),
  /** Kind of the target, such as `lambda`. */
  target: z.string(),
  /** URL for requests; null if the target has none before a model is deployed. */
  url: z.string().nullable(),
  digest: digestSchema,
  reference: z.string(),
  /** Digest of the version that gets a share of the requests; null if there is none. */
  canaryDigest: digestSchema.nullable(),
  /** Other values that users need, such as the deployed version or the calls that deploy a model. */
  details: z.record(z.string(), z.unknown()).default({}),
});

/** The outputs of a stack, which the program exports and other tools read. */
export const platformOutputsSchema = z.object({
  /** Workloads of the services of all environments. */
  workloads: z.array(z.string()),
  services: z.array(serviceSchema),
  /** Stacks that were deployed by an older version have none. */
  managedServices: z.array(managedServiceSchema).default([]),
  training: z.object({ namespace: z.string(), templates: z.record(z.string(), z.string()) }),
  featureStore: z.object({ namespace: z.string(), url: z.string() }),
  monitoring: z.object({
    namespace: z.string(),
    prometheus: z.string(),
    alertmanager: z.string(),
    pushgateway: z.string(),
  }),
  alertReceiver: z.object({ url: z.string() }).nullable(),
});

export type PlatformOutputs = z.infer<typeof platformOutputsSchema>;
export type ServiceOutput = PlatformOutputs["services"][number];

/** Outputs in the program: a value may be an `Output` that is known later. */
export type Exported<T> = T extends readonly string[]
  ? pulumi.Input<string[]>
  : T extends readonly (infer Item)[]
    ? Exported<Item>[]
    : T extends object
      ? { [Key in keyof T]: Exported<T[Key]> }
      : pulumi.Input<T>;
