import { z } from "zod";
import { digestSchema } from "./artifact-reference.ts";
import { boosterAsCandidate } from "./candidate-reference.ts";
import { evaluationMetricsSchema, gateOutcomeSchema } from "./evaluation.ts";
import { featureSchema, viewShapeSchema } from "./feature.ts";

/** `model-card.json`: what a server has to know to answer, and a person to judge. */
export const modelCardSchema = z.strictObject({
  schemaVersion: z.literal(1),
  workload: z.string(),
  name: z.string(),
  description: z.string(),
  /** sha256 of the `model.onnx` that this card is about. Older cards do not say. */
  onnx: digestSchema.optional(),
  /** ONNX input: float32 [rows, features.length], missing = NaN. */
  input: z.strictObject({
    name: z.string(),
    datatype: z.literal("FP32"),
    shape: z.tuple([z.literal(-1), z.int()]),
  }),
  /** ONNX output: float32 [rows, 1], the probability of label 1, in [0, 1]. */
  output: z.strictObject({
    name: z.string(),
    datatype: z.literal("FP32"),
    shape: z.tuple([z.literal(-1), z.literal(1)]),
  }),
  features: z.array(
    featureSchema.extend({
      /**
       * Whether any training row lacked this value. A model that never saw it missing has no branch for a missing value and
       * scores it as some other value. Older cards do not say.
       */
      missingInTraining: z.boolean().optional(),
    }),
  ),
  /** How to look up, by entity, the features that the caller does not bring. */
  views: z.array(viewShapeSchema),
  /** Probability from which a row counts as positive. */
  threshold: z.number(),
  metrics: evaluationMetricsSchema,
  gate: gateOutcomeSchema,
  /** Greatest distance of the ONNX scores from the trainer's over all test rows. */
  parity: z.strictObject({ rows: z.int(), maxAbsoluteDifference: z.number() }),
  /** References: the chain of digests that led here. */
  lineage: z.preprocess(
    boosterAsCandidate,
    z.strictObject({
      dataset: z.string(),
      features: z.string(),
      candidate: z.string(),
      evaluation: z.string(),
      codeRevision: z.string(),
    }),
  ),
});
export type ModelCard = z.infer<typeof modelCardSchema>;

/**
 * How far two scores of one row may be apart, as probabilities: the trainer's and the ONNX model's when it is packaged, the
 * packaged one's and a server's when it starts and when it is validated.
 */
export const SCORE_TOLERANCE = 1e-5;

/** `examples.json`: test rows and the scores that a faithful server returns for them, to SCORE_TOLERANCE. Missing = null. */
export const modelExamplesSchema = z.strictObject({
  schemaVersion: z.literal(1),
  rows: z.array(z.array(z.number().nullable())),
  scores: z.array(z.number()),
});
export type ModelExamples = z.infer<typeof modelExamplesSchema>;
