import { evaluationSchema } from "../contract/evaluation.ts";
import type { Evaluation } from "../contract/evaluation.ts";
import type { StepDefinition } from "../contract/step-definition.ts";
import { BadInput } from "../errors.ts";
import type { FeatureRows } from "../features/read-feature-table.ts";
import { calibrationBins, calibrationError } from "./calibration.ts";
import { judge } from "./gate.ts";
import { areaUnderRoc, brierScore, confusionAt, logLoss, prevalence } from "./metrics/binary.ts";
import { segmentMetrics } from "./segments.ts";

/** Computes the metrics of `scores` on labelled test rows and the verdict of the model's gate. */
export function evaluate(
  { model }: StepDefinition<"evaluate">,
  test: FeatureRows,
  scores: ArrayLike<number>,
  /** References of the judged artifacts, and digests of their definitions. */
  subject: Pick<Evaluation, "definitions" | "candidate" | "onnx" | "features">,
): Evaluation {
  const { labels, manifest } = test;
  const auc = areaUnderRoc(labels, scores);
  if (auc === null)
    throw new BadInput(
      `${manifest.workload}/${model.name}: test rows must hold both outcomes, got ${test.rows} rows of one`,
    );
  const calibration = calibrationBins(labels, scores);
  const segments = Object.entries(test.segments).flatMap(([column, values]) =>
    segmentMetrics(column, values, labels, scores),
  );
  return evaluationSchema.parse({
    schemaVersion: 1,
    workload: manifest.workload,
    model: model.name,
    ...subject,
    metrics: {
      rows: test.rows,
      prevalence: prevalence(labels),
      auc,
      logLoss: logLoss(labels, scores),
      brier: brierScore(labels, scores),
      calibrationError: calibrationError(calibration),
    },
    calibration,
    confusion: confusionAt(labels, scores, model.threshold),
    segments,
    gate: judge(model.gate, auc, segments),
  });
}
