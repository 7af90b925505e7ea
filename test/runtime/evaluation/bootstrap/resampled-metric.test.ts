import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { metricNames } from "../../../../runtime/contract/task-metrics.ts";
import { outputsOf, type LearntTask } from "../../../../runtime/contract/task.ts";
import { resampledMetric } from "../../../../runtime/evaluation/bootstrap/resampled-metric.ts";
import { selectRows } from "../../../../runtime/evaluation/select-rows.ts";
import { taskMetrics, type ScoredRows } from "../../../../runtime/evaluation/task-metrics.ts";

const TASKS: readonly LearntTask[] = [
  { kind: "binary" },
  { kind: "multiclass", classes: ["a", "b", "c"] },
  { kind: "regression" },
  { kind: "regression", of: { quantile: 0.9 } },
  { kind: "ranking", group: "g" },
];

const ROWS = 24;
/** Few different scores, so that there are ties. */
const coarse = fc.integer({ min: 1, max: 9 }).map((value) => value / 10);

function rowsOf(task: LearntTask): fc.Arbitrary<ScoredRows> {
  // A share of 0 has no meaning, and MAPE neither: other tests have such labels.
  const least = task.kind === "regression" ? 1 : 0;
  const most = { binary: 1, multiclass: 2, regression: 5, ranking: 4 }[task.kind];
  const label = fc.integer({ min: least, max: most });
  return fc.record({
    labels: fc.array(label, { minLength: ROWS, maxLength: ROWS }),
    scores: fc.array(coarse, { minLength: ROWS * outputsOf(task), maxLength: ROWS * outputsOf(task) }),
    groups: fc.constant(
      task.kind === "ranking" ? Array.from({ length: ROWS }, (_, row) => `g${row % 6}`) : undefined,
    ),
    heldOut:
      task.kind === "binary"
        ? fc.option(
            fc
              .array(fc.integer({ min: 0, max: 1 }), { minLength: ROWS, maxLength: ROWS })
              .map((each) => Uint8Array.from(each)),
            { nil: undefined },
          )
        : fc.constant(undefined),
  });
}

const cases = TASKS.flatMap((task) =>
  metricNames(task.kind).map((metric) => [JSON.stringify(task), metric, task] as const),
);

describe("a metric of rows that count several times", () => {
  it.each(cases)("of %s: %s equals that of the rows, each repeated", (_, metric, task) => {
    const units = task.kind === "ranking" ? 6 : ROWS;
    const counts = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: units, maxLength: units });
    fc.assert(
      fc.property(rowsOf(task), counts, (rows, drawn) => {
        fc.pre(drawn.some((count) => count > 0));
        const got = resampledMetric(task, metric, rows, 0.5)(Uint16Array.from(drawn));
        const expected = taskMetrics(task, repeated(task, rows, drawn), 0.5)[metric]!;
        if (expected === null || got === null) expect(got).toBe(expected);
        else expect(got).toBeCloseTo(expected, 10);
      }),
      { numRuns: 60 },
    );
  });
});

/** Returns rows, each as often as it counts; of a ranking, groups, which get names of their own. */
function repeated(task: LearntTask, rows: ScoredRows, counts: readonly number[]): ScoredRows {
  if (task.kind !== "ranking")
    return selectRows(
      task,
      rows,
      counts.flatMap((count, row) => new Array<number>(count).fill(row)),
    );
  const copies = counts.flatMap((count, group) =>
    Array.from({ length: count }, (_, copy) => ({ group: `g${group}`, name: `g${group}-${copy}` })),
  );
  const members = copies.map(({ group }) =>
    [...rows.groups!.keys()].filter((row) => rows.groups![row] === group),
  );
  return {
    ...selectRows(task, rows, members.flat()),
    groups: copies.flatMap(({ name }, i) => members[i]!.map(() => name)),
  };
}
