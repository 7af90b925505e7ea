import type { ChampionOutcome } from "../contract/comparison.ts";
import type { ChampionRule } from "../contract/model-definition.ts";
import type { LearntTask } from "../contract/task.ts";
import { compareModels, type ComparedRows, type ModelScores } from "./compare-models.ts";
import { MIN_ROWS } from "./gate.ts";
import { rowsByValue, selectRows } from "./select-rows.ts";
import { taskMetrics } from "./task-metrics.ts";

/** The champion's scores of the test rows, or why there are none. */
export type ScoredChampion = { reference: string } & (ModelScores | { notComparable: string });

/** Compares a model with the champion by the metric of the gate: over all test rows, and over segments. */
export function compareWithChampion(
  { metric, by, minRows = MIN_ROWS }: ChampionRule,
  champion: ScoredChampion,
  task: LearntTask,
  rows: ComparedRows,
  segments: Readonly<Record<string, readonly string[]>>,
  model: ModelScores,
): ChampionOutcome {
  const { reference } = champion;
  if ("notComparable" in champion)
    return { reference, notComparable: champion.notComparable, comparisons: [] };
  const metrics = taskMetrics(task, { ...rows, scores: champion.scores }, champion.threshold);
  const values = by === undefined ? [] : rowsByValue(segments[by] ?? []);
  const ofSegments = values
    .filter(([, own]) => own.length >= minRows)
    .map(([value, own]) => {
      const part = ({ scores, threshold }: ModelScores): ModelScores => ({
        scores: selectRows(task, { ...rows, scores }, own).scores,
        threshold,
      });
      const ownRows = selectRows(task, { ...rows, scores: model.scores }, own);
      const comparison = compareModels(task, metric, ownRows, part(model), part(champion));
      return { ...comparison, segment: { column: by!, value, rows: own.length } };
    })
    .filter(({ gain }) => gain !== null);
  return {
    reference,
    metrics,
    comparisons: [compareModels(task, metric, rows, model, champion), ...ofSegments],
  };
}
