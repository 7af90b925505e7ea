import { z } from "zod";
import { featureColumnSchema } from "./feature-view.ts";
import { kebabNameSchema } from "./kebab-name.ts";
import { taskSchema } from "./task.ts";
import { trainerSchema } from "./trainer.ts";
import { splitSchema, tableRowsSchema } from "./prediction-rows.ts";
import { thresholdSchema } from "./threshold-rule.ts";

/** One rule for a metric on the test rows, over all of them or over every segment of a column. */
export const gateCheckSchema = z.strictObject({
  /** Name of a metric of the task (`TASK_METRICS`). */
  metric: z.string(),
  /** Least value. One of `min` and `max` is given. */
  min: z.number().optional(),
  /** Greatest value. */
  max: z.number().optional(),
  /** Column of `segments`: every value of it is judged. @default - all test rows together */
  by: z.string().optional(),
  /** Segments with fewer rows are not judged. @default 100 */
  minRows: z.int().min(1).optional(),
});
export type GateCheck = z.infer<typeof gateCheckSchema>;

/** The version in production, on the same test rows. A lower limit of the difference counts, so that noise promotes nothing. */
export const championRuleSchema = z.strictObject({
  /** Name of a metric of the task. */
  metric: z.string(),
  /** How much worse the model may be, in the metric's unit. With 0 it has to be better by more than chance, or the same. @default 0 */
  margin: z.number().min(0).optional(),
  /** Column of `segments`: every value of it is compared too. @default - all test rows together */
  by: z.string().optional(),
  /** Segments with fewer rows are not compared. @default 100 */
  minRows: z.int().min(1).optional(),
  /** What to do if the champion cannot score these rows, such as after a change of its features. @default "refuse" */
  ifNotComparable: z.enum(["refuse", "pass"]).optional(),
});
export type ChampionRule = z.infer<typeof championRuleSchema>;

/** What a model must reach on the test rows to be packaged, besides being better than the baselines. */
export const gateRuleSchema = z.strictObject({
  checks: z.array(gateCheckSchema).min(1, "must have a check").readonly(),
  /** @default - the champion is not looked at */
  notWorseThanChampion: championRuleSchema.optional(),
});
export type GateRule = z.infer<typeof gateRuleSchema>;

/** One model of a workload: its prediction rows, its features, its training parameters and its gate. */
export const modelDefinitionSchema = z.strictObject({
  /** Kebab case. */
  name: kebabNameSchema,
  description: z.string().default(""),
  /** Features that the caller sends; they are columns of `rows`. */
  request: z.array(featureColumnSchema).readonly(),
  /** Names of the model's views, in the order of its columns. @default - none */
  views: z.array(z.string()).readonly().default([]),
  /** Tables of the data set that the SQL of `rows` reads. @default - that of `rows.table` */
  tables: z.array(z.string()).readonly().optional(),
  /**
   * The rows of a table; or DuckDB SQL with one row per prediction and the columns `label` (0, 1, or null if the outcome is unknown), the
   * key columns of its views, the request columns and the segment columns, and these, which may be left out: `row_key` (unique; default:
   * a hash of the row), `predict_at` (UTC TIMESTAMP: only data known by then may be used; default: no history), `split` (`train`, `test`;
   * needed without `split` of the model). Other columns are ignored.
   */
  rows: z.union([z.string(), tableRowsSchema]),
  /** @default - the column `split` of SQL; of a table's rows by time if they have one, else by key */
  split: splitSchema.optional(),
  /** Columns of `rows` by whose values evaluation is split into segments. */
  segments: z.array(z.string()).readonly().default([]),
  /** What the model predicts. @default - yes or no */
  task: taskSchema.default({ kind: "binary" }),
  /** Binary: probability from which a row counts as positive, or the rule by which it is chosen. @default 0.5 */
  threshold: thresholdSchema.default(0.5),
  trainer: trainerSchema,
  gate: gateRuleSchema,
});
export type ModelDefinition = z.infer<typeof modelDefinitionSchema>;
/** A model as its author writes it: what has a default may be left out. */
export type ModelInput = z.input<typeof modelDefinitionSchema>;

/** Returns the tables of the data set that the rows of a model are made from. */
export function tablesOf({ rows, tables = [] }: Pick<ModelDefinition, "rows" | "tables">): readonly string[] {
  return typeof rows === "string" ? tables : [...new Set([rows.table, ...tables])];
}
