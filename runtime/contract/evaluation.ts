import { z } from "zod";
import { digestSchema } from "./artifact-reference.ts";
import { boosterAsCandidate } from "./candidate-reference.ts";
import { baselineSchema, championOutcomeSchema } from "./comparison.ts";
import { definitionDigestsSchema } from "./definition-digests.ts";
import { evaluationPlotsSchema } from "./evaluation-plots.ts";
import { learntTaskSchema } from "./task.ts";
import { chosenThresholdSchema } from "./threshold-rule.ts";

/** Metric of `TASK_METRICS` → its value; null where it has no meaning for the rows. `rows` is their number. */
export const metricValuesSchema = z.record(z.string(), z.number().nullable());
export type MetricValues = z.infer<typeof metricValuesSchema>;

const segmentObject = z.strictObject({
  column: z.string(),
  value: z.string(),
  rows: z.int().min(1),
  metrics: metricValuesSchema,
});
/** Older evaluations have the metrics of a segment beside its name. */
const segmentSchema = z.preprocess((segment) => {
  if (typeof segment !== "object" || segment === null || "metrics" in segment) return segment;
  const { column, value, rows, ...metrics } = segment as Record<string, unknown>;
  return { column, value, rows, metrics };
}, segmentObject);
export type Segment = z.infer<typeof segmentObject>;

export const gateOutcomeSchema = z.strictObject({
  verdict: z.enum(["passed", "refused"]),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      rule: z.string(),
      value: z.number().nullable(),
      passed: z.boolean(),
      /** Why there is no value, or how far it is from that of another model. */
      note: z.string().optional(),
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
  /** Absent in older evaluations, which are of binary models. */
  task: learntTaskSchema.optional(),
  metrics: metricValuesSchema,
  /** Models without features that this one must beat. Absent in older evaluations. */
  baselines: z.array(baselineSchema).optional(),
  /** The version in production, where the gate compares with it and there is one. */
  champion: championOutcomeSchema.optional(),
  /** Binary: absent if the definition names the number. */
  threshold: chosenThresholdSchema.optional(),
  /** Binary: ten bins of equal width of the predicted probability. */
  calibration: z
    .array(
      z.strictObject({
        low: z.number(),
        high: z.number(),
        rows: z.int(),
        predicted: z.number(),
        observed: z.number(),
      }),
    )
    .optional(),
  /** Binary. */
  confusion: z
    .strictObject({
      threshold: z.number(),
      truePositive: z.int(),
      falsePositive: z.int(),
      trueNegative: z.int(),
      falseNegative: z.int(),
    })
    .optional(),
  /** Several classes: rows by true class (rows) and predicted class (columns), in the order of `task.classes`. */
  confusionMatrix: z.array(z.array(z.int())).optional(),
  /** Several classes: each against all others, in the order of `task.classes`. Absent in older evaluations. */
  classes: z
    .array(
      z.strictObject({
        rows: z.int(),
        precision: z.number(),
        recall: z.number(),
        f1: z.number(),
        auc: z.number().nullable(),
      }),
    )
    .optional(),
  /** Absent in older evaluations. */
  plots: evaluationPlotsSchema.optional(),
  segments: z.array(segmentSchema),
  gate: gateOutcomeSchema,
});
/** `evaluation.json`. */
export const evaluationSchema = z.preprocess(boosterAsCandidate, evaluationObject);
export type Evaluation = z.infer<typeof evaluationSchema>;
