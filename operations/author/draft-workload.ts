import type { WorkloadInput } from "../../runtime/contract/workload.ts";
import type { FeatureColumn } from "../../runtime/contract/feature-view.ts";
import type { ModelInput } from "../../runtime/contract/model-definition.ts";
import type { Task } from "../../runtime/contract/task.ts";
import { trainerSchema } from "../../runtime/contract/trainer.ts";
import { identifier } from "../../runtime/duckdb.ts";
import type { ChosenRoles } from "./choose-roles.ts";
import type { ColumnProfile, TableProfile } from "./profile-table.ts";

export interface DraftOptions {
  workload: string;
  model: string;
  table: string;
  /** Names of the files in the folder of the workload. */
  files: readonly string[];
  task: Task;
  target: string;
  time?: string | undefined;
}

/** Names of the columns that the feature table has beside the features. */
const RESERVED = ["row_key", "predict_at", "split", "label", "label_group"];
const PLAIN_NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

/** Drafts the definition of a workload with one model on one table. */
export function draftWorkload(
  profile: TableProfile,
  chosen: ChosenRoles,
  options: DraftOptions,
): WorkloadInput {
  const { workload, model, table, files, task, target } = options;
  const { roles, key } = chosen;
  const features = profile.columns.filter(({ name }) => isFeature(roles.get(name)?.kind));
  const names = featureNames(features.map(({ name }) => name));
  const hasPlainNames = features.every(({ name }) => names.get(name) === name);
  const request = features.map((column): FeatureColumn =>
    roles.get(column.name)?.kind === "categorical"
      ? { name: names.get(column.name)!, kind: "categorical", categories: categoriesOf(column) }
      : { name: names.get(column.name)!, kind: "numeric" },
  );
  const labels = profile.columns.find(({ name }) => name === target)!;
  const draft = { ...options, hasRareClass: hasRareClass(labels) };
  const pattern = files.length === 1 ? files[0]! : files;
  return {
    name: workload,
    source: { kind: "files", files: [...files] },
    tables: [{ name: table, files: pattern, ...(key.length === 0 ? {} : { key: [...key] }) }],
    models: [
      {
        name: model,
        request,
        ...(hasPlainNames ? tableRows(key, draft) : sqlRows(features, names, key, draft)),
        ...(task.kind === "binary" && task.positive === undefined
          ? {}
          : { task: hasPlainNames || task.kind !== "ranking" ? task : { ...task, group: "group_key" } }),
        trainer: TRAINER,
        gate: {
          checks: [
            gateCheck(
              task,
              profile.columns.find(({ name }) => name === target)!,
            ),
          ],
        },
      },
    ],
  };
}

/** The shortest definition of a trainer that the contract takes. */
const TRAINER: ModelInput["trainer"] = trainerSchema.safeParse({ kind: "lightgbm" }).success
  ? ({ kind: "lightgbm" } as ModelInput["trainer"])
  : {
      kind: "lightgbm",
      trees: 200,
      leaves: 15,
      learningRate: 0.05,
      minDataInLeaf: 20,
      categoricalSplits: false,
      seed: 1,
    };

function isFeature(kind: string | undefined): boolean {
  return kind === "numeric" || kind === "categorical";
}

/** Sorted, so that the definition does not change with the number of rows of each. */
function categoriesOf({ values }: ColumnProfile): string[] {
  return values.map(({ value }) => value).sort();
}

/** Gives each column a name that a feature may have. */
function featureNames(columns: readonly string[]): Map<string, string> {
  const names = new Map<string, string>();
  const used = new Set<string>();
  for (const column of columns) {
    const plain = PLAIN_NAME.test(column)
      ? column
      : column
          .normalize("NFKD")
          .replace(/[^A-Za-z0-9]+/g, "_")
          .replace(/^_+|_+$/g, "")
          .replace(/^(?=\d)|^$/, "c_")
          .toLowerCase();
    let name = RESERVED.includes(plain.toLowerCase()) ? `${plain}_` : plain;
    for (let i = 2; used.has(name.toLowerCase()); i++) name = `${plain}_${i}`;
    used.add(name.toLowerCase());
    names.set(column, name);
  }
  return names;
}

type Draft = DraftOptions & { hasRareClass: boolean };

/** Fewest rows of a class that a split at random surely puts on both sides. */
const RARE_ROWS = 100;

function hasRareClass({ values }: ColumnProfile): boolean {
  return values.some(({ rows }) => rows < RARE_ROWS);
}

function tableRows(
  key: readonly string[],
  { table, time, target, task, hasRareClass }: Draft,
): Pick<ModelInput, "rows" | "split"> {
  return {
    rows: {
      table,
      ...(key.length === 0 ? {} : { key: [...key] }),
      ...(time === undefined ? {} : { time }),
      label: target,
    },
    ...splitOf({ task, time, hasRareClass }),
  };
}

/** A rare class is put on both sides; a group that is ranked stays together. */
function splitOf(
  { task, time, hasRareClass }: Pick<Draft, "task" | "time" | "hasRareClass">,
  group?: string,
): Pick<ModelInput, "split"> {
  if (time !== undefined) return {};
  if (task.kind === "ranking") return { split: { by: "key", together: [group ?? task.group] } };
  return task.kind !== "regression" && hasRareClass ? { split: { by: "key", stratify: true } } : {};
}

/** Renames columns whose names a feature cannot have. */
function sqlRows(
  features: readonly ColumnProfile[],
  names: ReadonlyMap<string, string>,
  key: readonly string[],
  { table, time, target, task, hasRareClass }: Draft,
): Pick<ModelInput, "rows" | "tables" | "split"> {
  const renamed = (column: string, name: string): string =>
    column === name ? identifier(name) : `${identifier(column)} AS ${identifier(name)}`;
  const keySql = key.map((name) => `${identifier(name)}::VARCHAR`);
  const selected = [
    ...(key.length === 0
      ? []
      : [`${key.length === 1 ? keySql[0]! : `to_json([${keySql.join(", ")}])::VARCHAR`} AS row_key`]),
    ...(time === undefined ? [] : [`${identifier(time)}::TIMESTAMP AS predict_at`]),
    renamed(target, "label"),
    ...(task.kind === "ranking" ? [renamed(task.group, "group_key")] : []),
    ...features.map(({ name }) => renamed(name, names.get(name)!)),
  ];
  const { split = { by: time === undefined ? ("key" as const) : ("time" as const) } } = splitOf(
    { task, time, hasRareClass },
    "group_key",
  );
  return {
    tables: [table],
    rows: `SELECT ${selected.join(",\n    ")}\n  FROM ${identifier(table)}`,
    split,
  };
}

/** A first limit that a guess does not reach, for a person to raise. */
function gateCheck(task: Task, { values }: ColumnProfile): { metric: string; min?: number; max?: number } {
  switch (task.kind) {
    case "binary":
      return { metric: "auc", min: 0.6 };
    case "multiclass":
      return { metric: "logLoss", max: entropy(values.map(({ rows }) => rows)) };
    case "regression":
      return { metric: "r2", min: 0.05 };
    case "ranking":
      return { metric: "ndcg", min: 0.5 };
  }
}

/** Returns the log loss of who always answers with the shares of the classes, cut to two digits. */
function entropy(rows: readonly number[]): number {
  const all = rows.reduce((sum, each) => sum + each, 0);
  const loss = -rows.reduce((sum, each) => sum + (each / all) * Math.log(each / all), 0);
  return Math.floor(loss * 100) / 100;
}
