import { z } from "zod";
import { digestSchema } from "./artifact-reference.ts";

/** The outputs of a stack that operations read: what stacks/platform.ts exports. */
export const platformOutputsSchema = z.object({
  workloads: z.array(z.string()),
  services: z.array(
    z.object({
      name: z.string(),
      model: z.string(),
      workload: z.string(),
      environment: z.string(),
      namespace: z.string(),
      url: z.string(),
      /** `host:port` on the cluster's service network. */
      address: z.string(),
      digest: digestSchema,
      reference: z.string(),
      driftJob: z.string(),
    }),
  ),
  /** Services that run outside of the cluster; older stacks have none. */
  managedServices: z
    .array(
      z.object({
        name: z.string(),
        model: z.string(),
        workload: z.string(),
        environment: z.string(),
        /** Such as `lambda`. */
        target: z.string(),
        url: z.string().nullable(),
        digest: digestSchema,
        reference: z.string(),
        canaryDigest: digestSchema.nullable(),
      }),
    )
    .default([]),
  training: z.object({ namespace: z.string(), templates: z.record(z.string(), z.string()) }),
  monitoring: z.object({ namespace: z.string(), prometheus: z.string(), alertmanager: z.string() }),
  alertReceiver: z.object({ url: z.string() }).nullable(),
});
export type PlatformOutputs = z.infer<typeof platformOutputsSchema>;
export type ServiceOutput = PlatformOutputs["services"][number];
