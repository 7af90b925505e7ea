import { areaUnderRoc } from "../../runtime/evaluation/metrics/binary.ts";
import type { TaskKind } from "../../runtime/contract/task.ts";

/** Fewest rows from which a column is judged. */
const LEAST_ROWS = 60;
const MOST_BINS = 256;

/** How well one column alone predicts the label. */
export interface Strength {
  /** `AUC`, `accuracy` or `R²`. */
  measure: string;
  value: number;
  /** Whether it is so near to perfect that the column is likely the outcome itself. */
  leaks: boolean;
}

/**
 * Measures how well one column alone predicts the label: half of the rows say which label each value, or each range of numbers, has; the
 * other half is scored. Values that only one half has tell nothing, so an id is not taken for a leak. A missing value counts as a value.
 *
 * @param labels - 0 or 1, the code of a class, or a number, which is measured by its rank
 * @returns undefined for too few rows
 */
export function columnStrength(
  task: TaskKind,
  values: readonly (string | number | null)[],
  labels: readonly number[],
): Strength | undefined {
  if (values.length < LEAST_ROWS) return undefined;
  const bins = toBins(values);
  const ranked = task === "regression" || task === "ranking" ? ranks(labels) : labels;
  return task === "multiclass" ? classStrength(bins, ranked) : numberStrength(task, bins, ranked);
}

function numberStrength(task: TaskKind, bins: readonly string[], labels: readonly number[]): Strength {
  const sums = new Map<string, { sum: number; rows: number }>();
  let total = 0;
  const learnt = labels.filter((_, row) => row % 2 === 0).length;
  bins.forEach((bin, row) => {
    if (row % 2 === 1) return;
    const { sum, rows } = sums.get(bin) ?? { sum: 0, rows: 0 };
    sums.set(bin, { sum: sum + labels[row]!, rows: rows + 1 });
    total += labels[row]!;
  });
  const mean = total / learnt;
  const scored: number[] = [];
  const truth: number[] = [];
  bins.forEach((bin, row) => {
    if (row % 2 === 0) return;
    const found = sums.get(bin);
    scored.push(found === undefined ? mean : found.sum / found.rows);
    truth.push(labels[row]!);
  });
  if (task === "binary") {
    const value = areaUnderRoc(truth, scored) ?? 0.5;
    return { measure: "AUC", value, leaks: value >= 0.99 };
  }
  const middle = truth.reduce((sum, each) => sum + each, 0) / truth.length;
  const spread = truth.reduce((sum, each) => sum + (each - middle) ** 2, 0);
  const rest = truth.reduce((sum, each, i) => sum + (each - scored[i]!) ** 2, 0);
  const value = spread === 0 ? 0 : Math.max(0, 1 - rest / spread);
  return { measure: "R²", value, leaks: value >= 0.98 };
}

function classStrength(bins: readonly string[], labels: readonly number[]): Strength {
  const counts = new Map<string, Map<number, number>>();
  const all = new Map<number, number>();
  bins.forEach((bin, row) => {
    if (row % 2 === 1) return;
    const own = counts.get(bin) ?? new Map<number, number>();
    own.set(labels[row]!, (own.get(labels[row]!) ?? 0) + 1);
    all.set(labels[row]!, (all.get(labels[row]!) ?? 0) + 1);
    counts.set(bin, own);
  });
  const likeliest = (own: ReadonlyMap<number, number>): number =>
    [...own].reduce((best, each) => (each[1] > best[1] ? each : best))[0];
  const fallback = likeliest(all);
  let right = 0;
  let rows = 0;
  let usual = 0;
  bins.forEach((bin, row) => {
    if (row % 2 === 0) return;
    const own = counts.get(bin);
    rows++;
    if ((own === undefined ? fallback : likeliest(own)) === labels[row]) right++;
    if (fallback === labels[row]) usual++;
  });
  return { measure: "accuracy", value: right / rows, leaks: right / rows >= 0.99 && usual / rows < 0.97 };
}

/** Puts each value into a bin: a text is its own one, numbers are cut at their quantiles. */
function toBins(values: readonly (string | number | null)[]): string[] {
  const numbers = values.filter((value) => typeof value === "number").sort((a, b) => a - b);
  // Few different numbers are bins of their own: a rare one would share its bin with others.
  if (new Set(numbers).size <= MOST_BINS)
    return values.map((value) => (value === null ? "missing" : `=${value}`));
  const count = Math.max(2, Math.min(MOST_BINS, Math.floor(values.length / 20)));
  const cuts = [
    ...new Set(
      Array.from({ length: count - 1 }, (_, i) => numbers[Math.floor(((i + 1) * numbers.length) / count)]!),
    ),
  ];
  return values.map((value) => {
    if (value === null) return "missing";
    if (typeof value === "string") return `=${value}`;
    let [low, high] = [0, cuts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cuts[middle]! <= value) low = middle + 1;
      else high = middle;
    }
    return `#${low}`;
  });
}

/** Returns the mean rank of each number, from 0 to 1: an outlier weighs no more than another value. */
function ranks(numbers: readonly number[]): number[] {
  const order = numbers.map((_, i) => i).sort((a, b) => numbers[a]! - numbers[b]!);
  const ranked = new Array<number>(numbers.length).fill(0);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end + 1 < order.length && numbers[order[end + 1]!] === numbers[order[start]!]) end++;
    for (let i = start; i <= end; i++) ranked[order[i]!] = (start + end) / 2 / numbers.length;
    start = end + 1;
  }
  return ranked;
}
