import { z } from "zod";
import { digestSchema } from "./artifact-reference.ts";
import { featureSchema } from "./feature.ts";
import { taskSchema } from "./task.ts";

/** `registration.json` of a candidate that was imported: where its `model.onnx` comes from, and for what it was registered. */
export const registrationSchema = z.strictObject({
  schemaVersion: z.literal(1),
  workload: z.string(),
  model: z.string(),
  /** The file as it was given. */
  source: z.strictObject({ file: z.string(), digest: digestSchema }),
  /** Program that wrote it, with its version; "" if the file does not say it. */
  producer: z.string(),
  /** Changes that gave it the signature of every model, in words. */
  changes: z.array(z.string()),
  /** sha256 of `model.onnx`. */
  onnx: digestSchema,
  /** Columns that it takes, in their order. */
  features: z.array(featureSchema.pick({ name: true, kind: true, categories: true })),
  task: taskSchema,
  /** Rows whose scores were given, and the greatest distance of its scores from them. Null if none were given. */
  examples: z.strictObject({ rows: z.int(), maxAbsoluteDifference: z.number() }).nullable(),
  /** Revision of the checkout in which it was registered. */
  codeRevision: z.string(),
});
export type Registration = z.infer<typeof registrationSchema>;
