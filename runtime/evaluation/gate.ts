import type { Evaluation } from "../contract/evaluation.ts";
import type { GateRule } from "../contract/model-definition.ts";
import type { Segment } from "./segments.ts";

export type Gate = Evaluation["gate"];

/**
 * Judges a model by its AUC over all test rows and over every segment with enough rows. A segment with fewer rows, or with only
 * one class, is not judged.
 */
export function judge(rule: GateRule, auc: number | null, segments: readonly Segment[]): Gate {
  const checks = [
    check("auc", auc, rule.minAuc),
    ...rule.segments.flatMap(({ column, minRows, minAuc }) =>
      segments
        .filter((segment) => segment.column === column && segment.rows >= minRows && segment.auc !== null)
        .map((segment) => check(`auc of ${column} ${segment.value}`, segment.auc, minAuc)),
    ),
  ];
  const failed = checks.filter(({ passed }) => !passed);
  return {
    verdict: failed.length === 0 ? "passed" : "refused",
    checks,
    reason: failed.length === 0 ? `all ${checks.length} checks passed` : sentence(failed, checks.length - 1),
  };
}

/** Returns the reason of a refusal: the AUC over all rows if it is too low; for segments, their number and the worst one. */
function sentence(failed: Gate["checks"], judgedSegments: number): string {
  const overall = failed
    .filter(({ name }) => name === "auc")
    .map(({ rule, value }) => `auc ${rule}, got ${shown(value)}`);
  const segments = failed
    .filter(({ name }) => name !== "auc")
    .sort((a, b) => (a.value ?? 0) - (b.value ?? 0));
  const [worst] = segments;
  if (worst === undefined) return overall.join("");
  const count = `${segments.length} of ${judgedSegments} segments are below their floor`;
  return [...overall, `${count}, the lowest is ${worst.name}: ${worst.rule}, got ${shown(worst.value)}`].join(
    "; ",
  );
}

function check(name: string, value: number | null, least: number): Gate["checks"][number] {
  return {
    name,
    rule: `must be at least ${least}`,
    value,
    passed: value !== null && value >= least,
  };
}

/** Formats a value with four digits, cut and not rounded: 0.79996 must not read as the 0.8 that it did not reach. */
function shown(value: number | null): string {
  return value === null ? "none" : (Math.floor(value * 1e4) / 1e4).toFixed(4);
}
