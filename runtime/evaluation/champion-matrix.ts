import type { Feature } from "../contract/feature.ts";
import type { ModelCard } from "../contract/model-card.ts";
import { BINARY, type LearntTask } from "../contract/task.ts";
import type { Matrix } from "../features/matrix.ts";
import type { FeatureRows } from "../features/read-feature-table.ts";

/** Value of a cell in the new feature table → the value that the champion knows for it. */
type Translation = (value: number) => number;

/**
 * Returns the input of another model for rows of a feature table: its columns by their names, with its own category codes and limits.
 * `notComparable` says why the table cannot have them.
 */
export function championMatrix(
  card: Pick<ModelCard, "features" | "views" | "task">,
  rows: FeatureRows,
): Matrix | { notComparable: string } {
  const { manifest } = rows;
  const [old, now] = [card.task ?? BINARY, manifest.task ?? BINARY].map(comparedTask);
  if (old !== now) return { notComparable: `its task is ${old}, that of this model ${now}` };
  const columns: { at: number; translate: Translation }[] = [];
  for (const feature of card.features) {
    const at = manifest.features.findIndex(({ name }) => name === feature.name);
    if (at < 0)
      return { notComparable: `its feature ${feature.name} is not in the feature table of this model` };
    const problem = changedView(feature, card, rows) ?? translation(feature, manifest.features[at]!);
    if (typeof problem === "string") return { notComparable: problem };
    columns.push({ at, translate: problem });
  }
  const width = manifest.features.length;
  const values = new Float32Array(rows.rows * columns.length);
  for (let row = 0; row < rows.rows; row++)
    columns.forEach(({ at, translate }, column) => {
      values[row * columns.length + column] = translate(rows.values[row * width + at]!);
    });
  return { values, rows: rows.rows, columns: columns.length };
}

/** Returns what of a task decides what scores mean. */
function comparedTask(task: LearntTask): string {
  if (task.kind !== "regression") return JSON.stringify(task);
  return JSON.stringify({ kind: task.kind, of: task.of ?? "mean" });
}

/** Says that a feature comes from elsewhere than it did; undefined if it does not. */
function changedView(
  { name, view }: Feature,
  card: Pick<ModelCard, "views">,
  { manifest }: FeatureRows,
): string | undefined {
  const feature = manifest.features.find((each) => each.name === name);
  if (feature?.view !== view)
    return `its feature ${name} comes from ${view}, that of this model from ${feature?.view}`;
  const [old, now] = [card, manifest].map(({ views }) => views.find((each) => each.name === view)?.digest);
  return old === now ? undefined : `the view ${view} of its feature ${name} computes other values now`;
}

/** Returns how to turn a value of the new table into that of the champion; or why its values are not in the table. */
function translation(champion: Feature, own: Feature): Translation | string {
  const { name } = champion;
  if (champion.kind !== own.kind)
    return `its feature ${name} is ${champion.kind}, that of this model ${own.kind}`;
  if (champion.kind === "categorical") {
    const [old, now] = [champion.categories ?? [], own.categories ?? []];
    const lost = old.find((category) => !now.includes(category));
    if (lost !== undefined)
      return `its feature ${name} has the category ${lost}, which is missing in the feature table of this model`;
    const codes = now.map((category) => old.indexOf(category)).map((code) => (code < 0 ? NaN : code));
    return (value) => (Number.isNaN(value) ? NaN : codes[value]!);
  }
  const { min = -Infinity, max = Infinity } = champion;
  if ((own.min ?? -Infinity) > min || (own.max ?? Infinity) < max)
    return `its feature ${name} has wider limits than the feature table of this model`;
  const [least, greatest] = [Math.fround(min), Math.fround(max)];
  return (value) => (value >= least && value <= greatest ? value : NaN);
}
