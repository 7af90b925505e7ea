import { z } from "zod";

/** `drift-report.json`: compares one window of predictions with the model's reference profile. */
export const driftReportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  workload: z.string(),
  model: z.string(),
  environment: z.string(),
  /** Name of the service in its environment. Absent in older reports. */
  service: z.string().optional(),
  /** Reference of the model that made the predictions. */
  modelReference: z.string(),
  window: z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime(), rows: z.int() }),
  /** `insufficient-data`: fewer rows than the minimum, so there is no PSI. */
  verdict: z.enum(["stable", "drifted", "insufficient-data"]),
  /** Configured PSI from which a variable counts as drifted; `limit` may be greater. */
  threshold: z.number(),
  variables: z.array(
    z.strictObject({
      name: z.string(),
      statistic: z.literal("psi"),
      value: z.number(),
      rows: z.int(),
      /** PSI from which this variable counts as drifted. Older reports have only the threshold. */
      limit: z.number().optional(),
      drifted: z.boolean(),
    }),
  ),
  maxPsi: z.number().nullable(),
});
export type DriftReport = z.infer<typeof driftReportSchema>;
