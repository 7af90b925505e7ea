import type { Evaluation, MetricValues, Segment } from "../contract/evaluation.ts";
import type { GateCheck, GateRule } from "../contract/model-definition.ts";

export type Gate = Evaluation["gate"];
type Outcome = Gate["checks"][number];

const MIN_ROWS = 100;

/**
 * Judges a model by its metrics over all test rows and over segments. A segment with too few rows, or for which the metric has no
 * meaning, such as the AUC of one class, is not judged.
 */
export function judge({ checks }: GateRule, metrics: MetricValues, segments: readonly Segment[]): Gate {
  const overall = checks
    .filter(({ by }) => by === undefined)
    .map((check) => outcome(check.metric, metrics[check.metric] ?? null, check));
  const bySegment = checks.flatMap((check) =>
    segments
      .filter(
        ({ column, rows, metrics: own }) =>
          column === check.by && rows >= (check.minRows ?? MIN_ROWS) && (own[check.metric] ?? null) !== null,
      )
      .map(({ column, value, metrics: own }) =>
        outcome(`${check.metric} of ${column} ${value}`, own[check.metric] ?? null, check),
      ),
  );
  const all = [...overall, ...bySegment];
  const failed = all.filter(({ passed }) => !passed);
  return {
    verdict: failed.length === 0 ? "passed" : "refused",
    checks: all,
    reason:
      failed.length === 0
        ? `all ${all.length} checks passed`
        : sentence(
            overall.filter(({ passed }) => !passed),
            bySegment,
          ),
  };
}

/** Returns the reason of a refusal: each metric over all rows that failed; for segments, their number and the worst one. */
function sentence(overall: readonly Outcome[], segments: readonly Outcome[]): string {
  const texts = overall.map(({ name, rule, value }) => `${name} ${rule}, got ${shown(value, rule)}`);
  const failed = segments.filter(({ passed }) => !passed);
  const [worst] = failed.toSorted((a, b) => distance(b) - distance(a));
  if (worst === undefined) return texts.join("; ");
  const count = `${failed.length} of ${segments.length} segments break their rule`;
  return [
    ...texts,
    `${count}, the worst is ${worst.name}: ${worst.rule}, got ${shown(worst.value, worst.rule)}`,
  ].join("; ");
}

/** How far a value is from its limit, as a share of the limit. */
function distance({ rule, value }: Outcome): number {
  const limit = Number(/(-?[\d.e+-]+)$/.exec(rule)?.[1]);
  return Math.abs((value ?? 0) - limit) / Math.max(Math.abs(limit), Number.MIN_VALUE);
}

function outcome(name: string, value: number | null, { min, max }: GateCheck): Outcome {
  const rule = max === undefined ? `must be at least ${min ?? 0}` : `must be at most ${max}`;
  const passed = value !== null && value >= (min ?? -Infinity) && value <= (max ?? Infinity);
  return { name, rule, value, passed };
}

/** Formats a value with four digits, cut towards the side that failed: 0.79996 must not read as the 0.8 that it did not reach. */
function shown(value: number | null, rule: string): string {
  if (value === null) return "none";
  const cut = rule.includes("at most") ? Math.ceil(value * 1e4) : Math.floor(value * 1e4);
  return (cut / 1e4).toFixed(4);
}
