import type { Baseline, ChampionOutcome, Comparison } from "../contract/comparison.ts";
import type { MetricValues } from "../contract/evaluation.ts";
import type { ChampionRule } from "../contract/model-definition.ts";
import type { ChosenThreshold } from "../contract/threshold-rule.ts";
import type { JudgedCheck } from "./gate.ts";
import { whyNoValue } from "./why-no-value.ts";

/** Returns a check for each baseline: the model must be better by more than chance. */
export function baselineChecks(baselines: readonly Baseline[], metrics: MetricValues): JudgedCheck[] {
  return baselines.map(({ name, metrics: others, comparison }) => {
    const { metric, lower } = comparison;
    const other = others[metric] ?? null;
    return {
      name: `${metric} against the baseline "${name}"`,
      rule: `must be better than ${other === null ? "none" : short(other)} by more than chance`,
      value: metrics[metric] ?? null,
      passed: lower !== null && lower > 0,
      note: gainText(comparison),
    };
  });
}

/** Returns the checks against the champion. Without one the check passes. */
export function championChecks(
  { metric, margin = 0, ifNotComparable = "refuse" }: ChampionRule,
  champion: ChampionOutcome | undefined,
  metrics: MetricValues,
): JudgedCheck[] {
  const name = `${metric} against the champion`;
  const allowed = margin === 0 ? "" : ` by more than ${margin}`;
  const rule = `must not be worse than the champion's${allowed}`;
  if (champion === undefined)
    return [{ name, rule, value: null, passed: true, note: "there is no champion to compare with" }];
  if (champion.notComparable !== undefined) {
    const passed = ifNotComparable === "pass";
    const fix = passed ? "" : `; with ifNotComparable: "pass" the model passes without a comparison`;
    const note = `the champion is not comparable: ${champion.notComparable}${fix}`;
    return [{ name, rule, value: null, passed, note }];
  }
  return champion.comparisons.map((comparison): JudgedCheck => {
    const { segment, lower } = comparison;
    const other = champion.metrics?.[metric] ?? null;
    const check = {
      rule:
        segment === undefined && other !== null ? `must not be worse than ${short(other)}${allowed}` : rule,
      passed: lower !== null && lower >= -margin,
      note: gainText(comparison),
    };
    return segment === undefined
      ? { name, ...check, value: metrics[metric] ?? null }
      : {
          name: `${metric} of ${segment.column} ${segment.value} against the champion`,
          ...check,
          value: comparison.gain,
          shortfall: -(lower ?? -Infinity),
        };
  });
}

/** Returns a check that fails where no threshold reaches what its rule asks for. */
export function thresholdChecks(threshold: ChosenThreshold | undefined): JudgedCheck[] {
  if (threshold?.unreached === undefined) return [];
  const rule = "must reach what its rule asks for";
  return [{ name: "threshold", rule, value: null, passed: false, note: threshold.unreached }];
}

/** Says how much better or worse a model is, and how sure that is. */
export function gainText({ metric, gain, lower, confidence }: Comparison): string {
  if (gain === null) return `${metric} has no value for one of both: ${whyNoValue(metric)}`;
  if (gain === 0 && lower === 0) return "the same";
  const found = gain === 0 ? "the same" : `${gain > 0 ? "better" : "worse"} by ${short(Math.abs(gain))}`;
  if (lower === null) return `${found}, but it has no value in most resamples`;
  const sure = lower > 0 ? `at least ${short(lower)} better` : `no more than ${short(-lower)} worse`;
  return `${found}; with ${confidence * 100} % confidence ${sure}`;
}

/** Formats a number with four significant digits. */
function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
