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
  /** Highest throughput of the service, over all its pods; absent if it was not measured. */
  capacity: z
    .strictObject({
      requestsPerSecond: z.number(),
      rowsPerRequest: z.int(),
      /** Requests in flight at a time. */
      callers: z.int(),
      requests: z.int(),
      seconds: z.number(),
    })
    .optional(),
});
export type ValidationReport = z.infer<typeof validationReportSchema>;
