import { count } from "../../operations/author/choose-roles.ts";
import type { TriedModel } from "../../operations/author/score-candidate.ts";
import type { TriedWorkload } from "../../operations/author/try-workload.ts";
import { table } from "../table.ts";

/** Renders what `npm run try` found. */
export function renderTry({ tables, models, steps }: TriedWorkload, seconds: number): string {
  const times = [
    ...steps.map(({ title, seconds: each }) => [title, each.toFixed(2)]),
    ["all", seconds.toFixed(2)],
  ];
  return [
    `Data: ${tables.map(({ name, rows }) => `${name} ${count(rows)} rows`).join(", ")}; all rules hold`,
    ...models.flatMap((model) => ["", ...modelLines(model)]),
    "",
    table(["step", "seconds"], times),
  ].join("\n");
}

function modelLines({
  name,
  task,
  features,
  rows,
  trees,
  trainer,
  metrics,
  gate,
  predictions,
}: TriedModel): string[] {
  const subject = `${name}: ${task.kind}, ${count(features)} features, ${count(rows.train)} rows to train, ${count(rows.test)} to test`;
  const shown = metrics.map((metric) => [metric.name, number(metric.model), number(metric.prior)]);
  if (trees === undefined)
    return [
      subject,
      `The trainer ${trainer} runs in a container of its own, so nothing was trained here; rows and features are right. npm run train trains it.`,
      table(
        ["metric", "without features"],
        shown.map(([metric = "", , prior = ""]) => [metric, prior]),
      ),
    ];
  return [
    subject,
    `A small model of ${trees} trees. "Without features" answers the same for every row.`,
    "",
    table(["metric", "model", "without features"], shown),
    "",
    ...(gate === undefined
      ? []
      : gate.checks.map(
          (check) =>
            `Gate: ${check.name} ${check.rule}, got ${number(check.value)}: ${check.passed ? "passed" : "refused"}`,
        )),
    "Predictions of the newest test rows, as :predict answers:",
    ...predictions.flatMap(({ features: request, answer, outcome }) => [
      `  ${clip(JSON.stringify(request))}`,
      `    → ${clip(JSON.stringify(answer, round))}   it was: ${outcome}`,
    ]),
  ];
}

const WIDTH = 150;

const clip = (text: string): string => (text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 1)}…`);

const round = (_key: string, value: unknown): unknown =>
  typeof value === "number" ? Number(value.toPrecision(4)) : value;

function number(value: number | null): string {
  return value === null ? "-" : Number(value.toPrecision(5)).toString();
}
