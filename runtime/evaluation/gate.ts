import type { Evaluation, MetricValues, Segment } from "../contract/evaluation.ts";
import type { GateCheck, GateRule } from "../contract/model-definition.ts";
import { whyNoValue } from "./why-no-value.ts";

export type Gate = Evaluation["gate"];
export type CheckOutcome = Gate["checks"][number];

/** Outcome of a check, and for one of many segments how far it is from its rule, so that the worst can be named. */
export interface JudgedCheck extends CheckOutcome {
  /** @default - the check is over all test rows */
  shortfall?: number;
}

/** Rows of a segment from which it is judged. */
export const MIN_ROWS = 100;

/**
 * Judges a model by its metrics over all test rows and over segments. A segment with too few rows, or for which the metric has no
 * meaning, such as the AUC of one class, is not judged: the reason names it.
 *
 * @param compared - outcomes of comparisons with other models. @default - none
 */
export function judge(
  { checks }: Pick<GateRule, "checks">,
  metrics: MetricValues,
  segments: readonly Segment[],
  compared: readonly JudgedCheck[] = [],
): Gate {
  const overall = checks.filter(({ by }) => by === undefined).map((check) => outcomeOf(check, metrics));
  const bySegment = checks.flatMap((check) =>
    segments
      .filter((segment) => segment.column === check.by && isJudged(check, segment))
      .map((segment) => outcomeOf(check, segment.metrics, ` of ${segment.column} ${segment.value}`)),
  );
  const all = [...overall, ...compared.filter(isOverall), ...bySegment, ...compared.filter(isOfSegment)];
  const notes = [
    ...compared.flatMap(({ value, note }) => (value === null && note !== undefined ? [note] : [])),
    ...unjudged(checks, segments),
  ];
  const failed = all.some(({ passed }) => !passed);
  return {
    verdict: failed ? "refused" : "passed",
    checks: all.map(({ name, rule, value, passed, note }) => ({
      name,
      rule,
      value,
      passed,
      ...(note === undefined ? {} : { note }),
    })),
    reason: failed ? refusal(all) : [`all ${all.length} checks passed`, ...new Set(notes)].join("; "),
  };
}

const isOfSegment = ({ shortfall }: JudgedCheck): boolean => shortfall !== undefined;
const isOverall = ({ shortfall }: JudgedCheck): boolean => shortfall === undefined;

function isJudged({ metric, minRows = MIN_ROWS }: GateCheck, { rows, metrics }: Segment): boolean {
  return rows >= minRows && (metrics[metric] ?? null) !== null;
}

/** Says, of each column of segments, how many values are not judged. */
function unjudged(checks: readonly GateCheck[], segments: readonly Segment[]): string[] {
  return checks.flatMap((check) => {
    const all = segments.filter(({ column }) => column === check.by);
    const left = all.filter((segment) => !isJudged(check, segment));
    if (left.length === 0) return [];
    const { metric, by, minRows = MIN_ROWS } = check;
    const [first] = left;
    const why =
      first!.rows < minRows
        ? `${first!.value} has ${first!.rows} of ${minRows} rows`
        : `${first!.value} has no ${metric}: ${whyNoValue(metric)}`;
    return [`${metric} of ${left.length} of ${all.length} values of ${by} is not judged, such as ${why}`];
  });
}

/** Returns the reason of a refusal: each check over all rows that failed; for segments, their number and the worst one. */
function refusal(all: readonly JudgedCheck[]): string {
  const texts = all.filter((each) => isOverall(each) && !each.passed);
  const segments = all.filter(isOfSegment);
  const failed = segments.filter(({ passed }) => !passed);
  const [worst] = failed.toSorted((a, b) => b.shortfall! - a.shortfall!);
  const lines = texts.map((each) => `${each.name} ${got(each)}`);
  if (worst === undefined) return lines.join("; ");
  const count = `${failed.length} of ${segments.length} segments break their rule`;
  return [...lines, `${count}, the worst is ${worst.name}: ${got(worst)}`].join("; ");
}

function got({ rule, value, note }: CheckOutcome): string {
  return `${rule}, got ${shown(value, rule)}${note === undefined ? "" : ` (${note})`}`;
}

/** Returns the outcome of a check; with how far the value is from its limit, as a share of the limit, for a segment. */
function outcomeOf({ metric, min, max }: GateCheck, metrics: MetricValues, segment = ""): JudgedCheck {
  const value = metrics[metric] ?? null;
  const limit = max ?? min ?? 0;
  return {
    name: `${metric}${segment}`,
    rule: max === undefined ? `must be at least ${min ?? 0}` : `must be at most ${max}`,
    value,
    passed: value !== null && value >= (min ?? -Infinity) && value <= (max ?? Infinity),
    ...(value === null ? { note: whyNoValue(metric) } : {}),
    ...(segment === ""
      ? {}
      : { shortfall: Math.abs((value ?? 0) - limit) / Math.max(Math.abs(limit), Number.MIN_VALUE) }),
  };
}

/** Formats a value with four digits, cut towards the side that failed: 0.79996 must not read as the 0.8 that it did not reach. */
function shown(value: number | null, rule: string): string {
  if (value === null) return "none";
  const cut = rule.includes("at most") ? Math.ceil(value * 1e4) : Math.floor(value * 1e4);
  return (cut / 1e4).toFixed(4);
}
