import { z } from "zod";

/** `drift-report.json`: one window of predictions beside the model's reference profile. */
export const driftReportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  workload: z.string(),
  model: z.string(),
  environment: z.string(),
  /** Reference of the model that answered. */
  modelReference: z.string(),
  window: z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime(), rows: z.int() }),
  /** `insufficient-data`: fewer rows than the minimum, no judgement. */
  verdict: z.enum(["stable", "drifted", "insufficient-data"]),
  /** PSI from which a variable counts as drifted. */
  threshold: z.number(),
  variables: z.array(
    z.strictObject({
      name: z.string(),
      statistic: z.literal("psi"),
      value: z.number(),
      rows: z.int(),
      drifted: z.boolean(),
    }),
  ),
  maxPsi: z.number().nullable(),
});
export type DriftReport = z.infer<typeof driftReportSchema>;
