import { z } from "zod";
import { digestSchema } from "./artifact-reference.ts";
import { definitionDigestsSchema } from "./definition-digests.ts";

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** `training.json`: everything that determines the result of a training run. */
export const trainingRecordSchema = z.strictObject({
  schemaVersion: z.literal(1),
  workload: z.string(),
  model: z.string(),
  trainer: z.strictObject({
    name: z.string(),
    version: z.string(),
    /** Reference of the image of a container that trained. Absent for trainers of the runtime. */
    image: z.string().optional(),
    /** Digests of the files of its folder, by name. */
    files: z.record(z.string(), digestSchema).optional(),
  }),
  /** Parts of the definition from which it was made. Absent in older records. */
  definitions: definitionDigestsSchema.optional(),
  /** Reference of the feature table. */
  features: z.string(),
  params: z.record(z.string(), z.union([scalar, z.array(scalar)])),
  seed: z.int(),
  /** Revision of the code that ran, such as a git commit; `unknown` outside a checkout. */
  codeRevision: z.string(),
  rows: z.int(),
  /** sha256 of `model.onnx`. */
  onnx: digestSchema,
  /** Greatest distance of the ONNX scores from the trainer's over all test rows. */
  parity: z.strictObject({ rows: z.int(), maxAbsoluteDifference: z.number() }),
});
export type TrainingRecord = z.infer<typeof trainingRecordSchema>;
