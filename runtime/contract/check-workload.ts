import { metricNames } from "./task-metrics.ts";
import { describeIssues } from "./issues/describe-issues.ts";
import { valueAt } from "./issues/value-at.ts";
import type { FeatureColumn } from "./feature-view.ts";
import { tablesOf, type ModelDefinition } from "./model-definition.ts";
import type { TableRule } from "./table-rule.ts";
import { workloadSchema, type Workload } from "./workload.ts";

/** Names that DuckDB, LightGBM, ONNX and JSON accept unchanged: LightGBM refuses `,`, `:`, quotes and brackets. */
const COLUMN = /^[A-Za-z][A-Za-z0-9_]*$/;

/** A workload, or one line for each rule that its definition breaks: the field, the rule, the value and, where it is known, the fix. */
export function parseWorkload(definition: unknown): { workload: Workload } | { problems: string[] } {
  const parsed = workloadSchema.safeParse(definition);
  if (!parsed.success) {
    const options = { schema: workloadSchema, config: definition, secretPaths: [] };
    const faults = describeIssues(parsed.error.issues, options);
    return {
      problems: faults.map(
        ({ path, message, fix }) =>
          `${fieldName(definition, path)}: ${message}${fix === undefined ? "" : `; ${fix}`}`,
      ),
    };
  }
  const problems = workloadProblems(parsed.data);
  return problems.length > 0 ? { problems } : { workload: parsed.data };
}

/** Writes the path of a field with the names of the objects in a list: `models.pushback.gate`, not `models.0.gate`. */
function fieldName(definition: unknown, path: readonly string[]): string {
  const parts = path.map((key, depth) => {
    const name = /^\d+$/.test(key) ? valueAt(definition, [...path.slice(0, depth + 1), "name"]) : undefined;
    return typeof name === "string" ? name : key;
  });
  return parts.join(".") || "the definition";
}

/** Returns one line for each broken rule that concerns several parts of a workload. SQL is not checked: the jobs run it. */
function workloadProblems({ tables, views, models }: Workload): string[] {
  const tableNames = tables.map((table) => table.name);
  return [
    ...duplicates("table", tableNames),
    ...duplicates(
      "view",
      views.map((view) => view.name),
    ),
    ...duplicates(
      "model",
      models.map((model) => model.name),
    ),
    ...tables.flatMap(tableProblems),
    ...views.flatMap((view) => [
      ...columnProblems(`view ${view.name}`, view.features),
      ...unknownNames(`view ${view.name}: tables`, view.tables, tableNames),
    ]),
    ...models.flatMap((model) => [
      ...modelProblems(model, views),
      ...unknownNames(`model ${model.name}: tables`, tablesOf(model), tableNames),
      ...rowsProblems(model),
    ]),
  ];
}

function tableProblems({ name, columns, key = [], orderBy = [] }: TableRule): string[] {
  // The columns of the files are not known before they are read.
  if (columns === undefined) return [];
  const names = columns.map((column) => column.name);
  return [
    ...duplicates(`table ${name}: column`, names),
    ...unknownNames(`table ${name}: key`, key, names),
    ...unknownNames(`table ${name}: orderBy`, orderBy, names),
  ];
}

function modelProblems(
  { name, request, views: used, segments, gate, task, threshold }: ModelDefinition,
  views: Workload["views"],
): string[] {
  const owner = `model ${name}`;
  const { checks, notWorseThanChampion } = gate;
  const gateRules = [...checks, ...(notWorseThanChampion === undefined ? [] : [notWorseThanChampion])];
  const features = [
    ...request,
    ...used.flatMap((view) => views.find((candidate) => candidate.name === view)?.features ?? []),
  ].map((column) => column.name);
  return [
    ...columnProblems(owner, request),
    ...unknownNames(
      `${owner}: views`,
      used,
      views.map((view) => view.name),
    ),
    ...duplicates(`${owner}: feature`, features),
    ...(features.length === 0 ? [`${owner}: must have a feature, of the request or of a view`] : []),
    ...unknownNames(
      `${owner}: gate`,
      gateRules.flatMap(({ by }) => (by === undefined ? [] : [by])),
      segments,
    ),
    ...unknownNames(
      `${owner}: gate: metric`,
      gateRules.map(({ metric }) => metric),
      metricNames(task.kind),
    ),
    ...(typeof threshold === "object" && task.kind !== "binary"
      ? [`${owner}: threshold is of a binary task, got the task ${task.kind}; leave it out`]
      : []),
    ...gate.checks
      .filter(({ min, max }) => (min === undefined) === (max === undefined))
      .map(({ metric }) => `${owner}: gate: ${metric} must have either min or max`),
  ];
}

function rowsProblems({ name, rows, tables, split }: ModelDefinition): string[] {
  if (typeof rows === "string")
    return tables === undefined
      ? [`model ${name}: tables must name the tables that the SQL of rows reads`]
      : [];
  return split?.by === "time" && rows.time === undefined
    ? [`model ${name}: rows.time must name the column with the time, which the split is by`]
    : [];
}

function columnProblems(owner: string, columns: readonly FeatureColumn[]): string[] {
  return columns.flatMap(({ name, kind, categories, min, max }) => [
    ...(COLUMN.test(name)
      ? []
      : [`${owner}: feature ${JSON.stringify(name)} must be named by letters, digits and _, a letter first`]),
    ...(kind === "categorical" && (categories ?? []).length === 0
      ? [`${owner}: ${name} must list its categories`]
      : []),
    ...duplicates(`${owner}: ${name}: category`, categories ?? []),
    ...(kind === "categorical" && (min ?? max) !== undefined
      ? [`${owner}: ${name} must be numeric to have min or max`]
      : []),
    ...((min ?? -Infinity) > (max ?? Infinity)
      ? [`${owner}: ${name}: min must be at most max, ${max}, got ${min}`]
      : []),
  ]);
}

function duplicates(what: string, names: readonly string[]): string[] {
  const repeated = new Set(names.filter((name, i) => names.indexOf(name) !== i));
  return [...repeated].map((name) => `${what} ${name} is there twice`);
}

function unknownNames(what: string, names: readonly string[], known: readonly string[]): string[] {
  const missing = names.filter((name) => !known.includes(name));
  return missing.map((name) => `${what} must be of ${known.join(", ") || "none"}, got ${name}`);
}
