import type { FeatureColumn } from "./feature-view.ts";
import type { ModelDefinition, TableRule, Workload } from "./workload.ts";

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** Names that DuckDB, LightGBM, ONNX and JSON accept unchanged: LightGBM refuses `,`, `:`, quotes and brackets. */
const COLUMN = /^[A-Za-z][A-Za-z0-9_]*$/;

/** Returns one line per rule that a workload's definitions break. SQL is not checked: the jobs run it. */
export function workloadProblems({ name, tables, views, models }: Workload): string[] {
  const tableNames = tables.map((table) => table.name);
  return [
    ...(KEBAB.test(name) ? [] : [`name must be in kebab case, got ${name}`]),
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
      ...(view.entity.length === 0 ? [`view ${view.name}: entity must have a key`] : []),
    ]),
    ...models.flatMap((model) => [
      ...modelProblems(model, views),
      ...unknownNames(`model ${model.name}: tables`, model.tables, tableNames),
    ]),
  ];
}

function tableProblems({ name, columns, key, orderBy, delimiter = "," }: TableRule): string[] {
  const names = columns.map((column) => column.name);
  return [
    ...duplicates(`table ${name}: column`, names),
    ...unknownNames(`table ${name}: key`, key, names),
    ...unknownNames(`table ${name}: orderBy`, orderBy, names),
    ...(delimiter.length === 1
      ? []
      : [`table ${name}: delimiter must be one character, got ${JSON.stringify(delimiter)}`]),
  ];
}

function modelProblems(
  { name, request, views: used, segments, gate }: ModelDefinition,
  views: Workload["views"],
): string[] {
  const owner = `model ${name}`;
  const features = [
    ...request,
    ...used.flatMap((view) => views.find((candidate) => candidate.name === view)?.features ?? []),
  ].map((column) => column.name);
  return [
    ...(KEBAB.test(name) ? [] : [`${owner}: name must be in kebab case`]),
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
      gate.segments.map(({ column }) => column),
      segments,
    ),
  ];
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
