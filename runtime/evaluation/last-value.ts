import type { LearntTask } from "../contract/task.ts";
import type { FeatureRows } from "../features/read-feature-table.ts";
import type { TrainingLabels } from "./training-labels.ts";

/** Test rows whose entity has an earlier training row, as a share, from which the last value is a baseline at all. */
const LEAST_SHARE = 0.5;

/**
 * Returns, for each entity of the model's views, such as a shop, its last label in the training rows before each test row, as a
 * prediction; the mean of the training rows where there is none. Only for a mean or a median, of rows with times.
 */
export function lastValues(
  task: LearntTask,
  train: TrainingLabels,
  test: Pick<FeatureRows, "predictAtMs" | "entities" | "rows">,
): { name: string; scores: Float64Array }[] {
  if (task.kind !== "regression" || (task.of !== undefined && task.of !== "mean" && task.of !== "median"))
    return [];
  const entities = new Map(train.manifest.views.map(({ entity }) => [entity.join(", "), entity]));
  let sum = 0;
  for (const label of train.labels) sum += label;
  const mean = sum / train.labels.length;
  return [...entities].flatMap(([name, keys]) => {
    const historyOf = histories(train, keys);
    const scores = new Float64Array(test.rows);
    let known = 0;
    for (let row = 0; row < test.rows; row++) {
      const history = historyOf.get(entityText(test.entities, keys, row) ?? "");
      const last = history === undefined ? undefined : lastBefore(history, test.predictAtMs[row]!);
      scores[row] = last ?? mean;
      if (last !== undefined) known++;
    }
    return known >= LEAST_SHARE * test.rows ? [{ name: `last value by ${name}`, scores }] : [];
  });
}

interface PastLabel {
  /** Unix milliseconds. */
  at: number;
  label: number;
}

/** Returns the last label before a time. `history` is in the order of time. */
function lastBefore(history: readonly PastLabel[], time: number): number | undefined {
  let [low, high] = [0, history.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (history[middle]!.at < time) low = middle + 1;
    else high = middle;
  }
  return history[low - 1]?.label;
}

/** Returns the labels of each entity in the order of time. Training rows are in that order. */
function histories(
  { labels, predictAtMs, entities }: TrainingLabels,
  keys: readonly string[],
): Map<string, PastLabel[]> {
  const found = new Map<string, PastLabel[]>();
  for (let row = 0; row < labels.length; row++) {
    const entity = entityText(entities, keys, row);
    if (entity === undefined) continue;
    const entry = { at: predictAtMs[row]!, label: labels[row]! };
    const history = found.get(entity);
    if (history === undefined) found.set(entity, [entry]);
    else history.push(entry);
  }
  return found;
}

/** Returns one text for the keys of a row; undefined if one is not known. */
function entityText(
  entities: FeatureRows["entities"],
  keys: readonly string[],
  row: number,
): string | undefined {
  const values = keys.map((key) => entities[key]?.[row] ?? null);
  return values.includes(null) ? undefined : JSON.stringify(values);
}
