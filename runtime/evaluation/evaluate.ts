import { evaluationSchema } from "../contract/evaluation.ts";
import type { Evaluation } from "../contract/evaluation.ts";
import type { StepDefinition } from "../contract/step-definition.ts";
import { BINARY } from "../contract/task.ts";
import { BadInput } from "../errors.ts";
import type { FeatureRows } from "../features/read-feature-table.ts";
import { calibrationBins } from "./calibration.ts";
import { judge } from "./gate.ts";
import { confusionAt, prevalence } from "./metrics/binary.ts";
import { confusionMatrix } from "./metrics/multiclass.ts";
import { segmentMetrics } from "./segments.ts";
import { taskMetrics } from "./task-metrics.ts";

/** Computes the metrics of `scores` on labelled test rows and the verdict of the model's gate. */
export function evaluate(
  { model }: StepDefinition<"evaluate">,
  test: FeatureRows,
  scores: ArrayLike<number>,
  /** References of the judged artifacts, and digests of their definitions. */
  subject: Pick<Evaluation, "definitions" | "candidate" | "onnx" | "features">,
): Evaluation {
  const { labels, manifest, groups } = test;
  const { task = BINARY } = manifest;
  const rows = { labels, scores, groups };
  const metrics = taskMetrics(task, rows, model.threshold);
  if (task.kind === "binary" && metrics["auc"] === null)
    throw new BadInput(
      `${manifest.workload}/${model.name}: test rows must hold both outcomes, got ${test.rows} rows of one`,
    );
  const segments = Object.entries(test.segments).flatMap(([column, values]) =>
    segmentMetrics(column, values, task, rows, model.threshold),
  );
  return evaluationSchema.parse({
    schemaVersion: 1,
    workload: manifest.workload,
    model: model.name,
    ...subject,
    task,
    metrics: {
      rows: test.rows,
      ...(task.kind === "binary" ? { prevalence: prevalence(labels) } : {}),
      ...metrics,
    },
    ...(task.kind === "binary"
      ? {
          calibration: calibrationBins(labels, scores),
          confusion: confusionAt(labels, scores, model.threshold),
        }
      : {}),
    ...(task.kind === "multiclass"
      ? { confusionMatrix: confusionMatrix({ labels, probabilities: scores, classes: task.classes.length }) }
      : {}),
    segments,
    gate: judge(model.gate, metrics, segments),
  });
}
