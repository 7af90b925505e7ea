import { z } from "zod";
import { artifactReferenceSchema } from "./artifact-reference.ts";

/** A Kubernetes termination message holds 4096 bytes; a result has to fit. */
export const STEP_RESULT_MAX_BYTES = 4096;

/** What a job leaves for whoever started it: one JSON object in its termination message. */
export const stepResultSchema = z.strictObject({
  job: z.string(),
  /** The artifact that it made or found made already. */
  artifact: artifactReferenceSchema.optional(),
  /** A few numbers and words for a person and for `status`, such as `{ auc: 0.9, gate: "passed" }`. */
  summary: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type StepResult = z.infer<typeof stepResultSchema>;
