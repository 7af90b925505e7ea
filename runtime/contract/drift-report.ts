import { z } from "zod";

/** `drift-report.json`: one window of predictions beside the model's reference profile. */
export const driftReportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  workload: z.string(),
  model: z.string(),
  environment: z.string(),
  /** Name of the service in its environment. Older reports do not say. */
  service: z.string().optional(),
  /** Reference of the model that answered. */
  modelReference: z.string(),
  window: z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime(), rows: z.int() }),
  /** `insufficient-data`: fewer rows than the minimum, no judgement. */
  verdict: z.enum(["stable", "drifted", "insufficient-data"]),
  /** PSI from which a variable counts as drifted, where chance and the training data's own periods stay below it. */
  threshold: z.number(),
  variables: z.array(
    z.strictObject({
      name: z.string(),
      statistic: z.literal("psi"),
      value: z.number(),
      rows: z.int(),
      /** PSI from which this variable counts as drifted. Older reports used the threshold for all. */
      limit: z.number().optional(),
      drifted: z.boolean(),
    }),
  ),
  maxPsi: z.number().nullable(),
});
export type DriftReport = z.infer<typeof driftReportSchema>;
