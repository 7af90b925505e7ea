import { z } from "zod";

/** `validation.json`: the smoke test of one deployed model. */
export const validationReportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  model: z.string(),
  url: z.string(),
  verdict: z.enum(["passed", "failed"]),
  checks: z.array(
    z.strictObject({ name: z.string(), rule: z.string(), value: z.string(), passed: z.boolean() }),
  ),
  latency: z.strictObject({
    requests: z.int(),
    p50Ms: z.number(),
    p99Ms: z.number(),
    requestsPerSecond: z.number(),
  }),
});
export type ValidationReport = z.infer<typeof validationReportSchema>;
