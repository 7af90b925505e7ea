import type { Evaluation } from "../contract/evaluation.ts";
import { evaluationSchema } from "../contract/evaluation.ts";
import type { StepDefinition } from "../contract/step-definition.ts";
import { BINARY } from "../contract/task.ts";
import { BadInput } from "../errors.ts";
import type { FeatureRows } from "../features/read-feature-table.ts";
import { baselines } from "./baselines.ts";
import { calibrationBins } from "./calibration.ts";
import { compareWithChampion, type ScoredChampion } from "./compare-champion.ts";
import { baselineChecks, championChecks, thresholdChecks } from "./comparison-checks.ts";
import { judge } from "./gate.ts";
import { confusionAt, prevalence } from "./metrics/binary.ts";
import { classMetrics, confusionMatrix } from "./metrics/multiclass.ts";
import { taskPlots } from "./plots/task-plots.ts";
import { segmentMetrics } from "./segments.ts";
import { taskMetrics, type ScoredRows } from "./task-metrics.ts";
import { judgedThreshold } from "./threshold.ts";
import type { TrainingLabels } from "./training-labels.ts";

/** What a model is compared with. */
export interface ComparedWith {
  /** Labelled training rows, of which baselines are made. @default - there is no baseline */
  train?: TrainingLabels | undefined;
  /** @default - there is no champion */
  champion?: ScoredChampion | undefined;
}

/** Computes the metrics of `scores` on labelled test rows and the verdict of the model's gate. */
export function evaluate(
  { model }: StepDefinition<"evaluate">,
  test: FeatureRows,
  scores: ArrayLike<number>,
  /** References of the judged artifacts, and digests of their definitions. */
  subject: Pick<Evaluation, "definitions" | "candidate" | "onnx" | "features">,
  { train, champion }: ComparedWith = {},
): Evaluation {
  const { labels, manifest, groups, keyHashes } = test;
  const { task = BINARY } = manifest;
  const owner = `${manifest.workload}/${model.name}`;
  const {
    value: threshold,
    heldOut,
    chosen,
  } = judgedThreshold(owner, task.kind === "binary" ? model.threshold : 0.5, { labels, scores, keyHashes });
  const rows: ScoredRows = { labels, scores, groups, heldOut };
  const metrics = taskMetrics(task, rows, threshold);
  if (task.kind === "binary" && metrics["auc"] === null)
    throw new BadInput(`${owner}: test rows must hold both outcomes, got ${test.rows} rows of one`);
  const segments = Object.entries(test.segments).flatMap(([column, values]) =>
    segmentMetrics(column, values, task, rows, threshold),
  );
  const { notWorseThanChampion: rule } = model.gate;
  const beaten = train === undefined ? undefined : baselines(task, train, test, rows, threshold);
  const compared =
    rule === undefined || champion === undefined
      ? undefined
      : compareWithChampion(rule, champion, task, rows, test.segments, { scores, threshold });
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
    baselines: beaten,
    champion: compared,
    threshold: chosen,
    ...(task.kind === "binary"
      ? {
          calibration: calibrationBins(labels, scores),
          confusion: confusionAt(labels, scores, threshold, heldOut),
        }
      : {}),
    ...(task.kind === "multiclass" ? ofClasses(rows, task.classes.length) : {}),
    plots: taskPlots(task, rows),
    segments,
    gate: judge(model.gate, metrics, segments, [
      ...thresholdChecks(chosen),
      ...baselineChecks(beaten ?? [], metrics),
      ...(rule === undefined ? [] : championChecks(rule, compared, metrics)),
    ]),
  });
}

function ofClasses(
  { labels, scores }: ScoredRows,
  classes: number,
): Pick<Evaluation, "confusionMatrix" | "classes"> {
  const rows = { labels, probabilities: scores, classes };
  return { confusionMatrix: confusionMatrix(rows), classes: classMetrics(rows) };
}
