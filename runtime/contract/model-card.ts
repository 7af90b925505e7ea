import { z } from "zod";
import { digestSchema } from "./artifact-reference.ts";
import { boosterAsCandidate } from "./candidate-reference.ts";
import { baselineSchema } from "./comparison.ts";
import { definitionDigestsSchema } from "./definition-digests.ts";
import { gateOutcomeSchema, metricValuesSchema } from "./evaluation.ts";
import { featureSchema, viewShapeSchema } from "./feature.ts";
import { learntTaskSchema } from "./task.ts";

/** `model-card.json`: describes a model for the server that serves it and for people who judge it. */
export const modelCardSchema = z.strictObject({
  schemaVersion: z.literal(1),
  workload: z.string(),
  name: z.string(),
  description: z.string(),
  /** sha256 of the `model.onnx` of this card. Absent in older cards. */
  onnx: digestSchema.optional(),
  /** ONNX input: float32 [rows, features.length], missing = NaN. */
  input: z.strictObject({
    name: z.string(),
    datatype: z.literal("FP32"),
    shape: z.tuple([z.literal(-1), z.int()]),
  }),
  /** Absent in older cards, which are of binary models. */
  task: learntTaskSchema.optional(),
  /** ONNX output: float32 [rows, outputs]: the probability of label 1, those of the classes, or a number. */
  output: z.strictObject({
    name: z.string(),
    datatype: z.literal("FP32"),
    shape: z.tuple([z.literal(-1), z.int().min(1)]),
  }),
  features: z.array(
    featureSchema.extend({
      /**
       * Whether any training row lacked this value. A model that never saw it missing has no branch for a missing value and
       * scores it as some other value. Absent in older cards.
       */
      missingInTraining: z.boolean().optional(),
    }),
  ),
  /** Views in which the features are looked up that the caller does not send. */
  views: z.array(viewShapeSchema),
  /** Binary: probability from which a row counts as positive. */
  threshold: z.number(),
  metrics: metricValuesSchema,
  /** Models without features, and their metrics on the same rows. Absent in older cards. */
  baselines: z.array(baselineSchema.pick({ name: true, metrics: true })).optional(),
  gate: gateOutcomeSchema,
  /** Greatest distance of the ONNX scores from the trainer's over all test rows. */
  parity: z.strictObject({ rows: z.int(), maxAbsoluteDifference: z.number() }),
  /** References of the artifacts from which the model was made. */
  lineage: z.preprocess(
    boosterAsCandidate,
    z.strictObject({
      dataset: z.string(),
      features: z.string(),
      candidate: z.string(),
      evaluation: z.string(),
      codeRevision: z.string(),
      /** Parts of the definition from which the model was made and judged. Absent in older cards. */
      definitions: definitionDigestsSchema.optional(),
    }),
  ),
});
export type ModelCard = z.infer<typeof modelCardSchema>;

/**
 * Greatest allowed difference between two scores of one row (`scoreDistance`): between trainer and ONNX model when it is packaged,
 * and between the packaged model and a server when the server starts and when it is validated.
 */
export const SCORE_TOLERANCE = 1e-5;

/** Returns the difference of two scores; of a score beyond 1 as a share of it. NaN if one is not a number. */
export function scoreDistance(expected: number, got: number): number {
  return Math.abs(got - expected) / Math.max(1, Math.abs(expected));
}

/** `examples.json`: test rows and the scores, row-major, that a server must return for them, within SCORE_TOLERANCE. Missing = null. */
export const modelExamplesSchema = z.strictObject({
  schemaVersion: z.literal(1),
  rows: z.array(z.array(z.number().nullable())),
  scores: z.array(z.number()),
  /** What a caller of `:predict` sends for the last row, beside its request features. Absent in older examples. */
  request: z
    .strictObject({
      /** Time of its prediction. Absent if nothing is looked up. */
      at: z.iso.datetime().optional(),
      /** Keys by which its features are looked up. */
      entities: z.record(z.string(), z.string()),
    })
    .optional(),
});
export type ModelExamples = z.infer<typeof modelExamplesSchema>;
