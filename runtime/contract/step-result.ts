import { z } from "zod";
import { artifactReferenceSchema } from "./artifact-reference.ts";

/** Largest size of a result: a Kubernetes termination message holds 4096 bytes. */
export const STEP_RESULT_MAX_BYTES = 4096;

/** The result of a job, for its caller: one JSON object in the termination message. */
export const stepResultSchema = z.strictObject({
  job: z.string(),
  /** Reference of the artifact that the job made, or that existed already. */
  artifact: artifactReferenceSchema.optional(),
  /** A few numbers and words for a person and for `status`, such as `{ auc: 0.9, gate: "passed" }`. */
  summary: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type StepResult = z.infer<typeof stepResultSchema>;
