import { z } from "zod";
import { digestSchema } from "./artifact-reference.ts";
import { boosterAsCandidate } from "./candidate-reference.ts";
import { definitionDigestsSchema } from "./definition-digests.ts";

const binaryMetrics = {
  rows: z.int().min(1),
  /** Share of rows with label 1. */
  prevalence: z.number(),
  /** Area under the ROC curve, by the Mann-Whitney statistic; null if only one class is present. */
  auc: z.number().nullable(),
};

export const evaluationMetricsSchema = z.strictObject({
  ...binaryMetrics,
  auc: z.number(),
  /** Mean negative log likelihood, in nats. */
  logLoss: z.number(),
  /** Mean squared error of the probability. */
  brier: z.number(),
  /** Expected calibration error over `calibration`. */
  calibrationError: z.number(),
});

export const gateOutcomeSchema = z.strictObject({
  verdict: z.enum(["passed", "refused"]),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      rule: z.string(),
      value: z.number().nullable(),
      passed: z.boolean(),
    }),
  ),
  /** One sentence for a person: the reason of a refusal, or `passed`. */
  reason: z.string(),
});

const evaluationObject = z.strictObject({
  schemaVersion: z.literal(1),
  workload: z.string(),
  model: z.string(),
  /** Parts of the definition from which the model was made and judged. Absent in older evaluations. */
  definitions: definitionDigestsSchema.optional(),
  /** Reference of the candidate that was judged. */
  candidate: z.string(),
  /** sha256 of the `model.onnx` whose scores were judged. Absent in older evaluations. */
  onnx: digestSchema.optional(),
  features: z.string(),
  metrics: evaluationMetricsSchema,
  /** Ten bins of equal width of the predicted probability. */
  calibration: z.array(
    z.strictObject({
      low: z.number(),
      high: z.number(),
      rows: z.int(),
      predicted: z.number(),
      observed: z.number(),
    }),
  ),
  confusion: z.strictObject({
    threshold: z.number(),
    truePositive: z.int(),
    falsePositive: z.int(),
    trueNegative: z.int(),
    falseNegative: z.int(),
  }),
  segments: z.array(z.strictObject({ column: z.string(), value: z.string(), ...binaryMetrics })),
  gate: gateOutcomeSchema,
});
/** `evaluation.json`. */
export const evaluationSchema = z.preprocess(boosterAsCandidate, evaluationObject);
export type Evaluation = z.infer<typeof evaluationSchema>;
