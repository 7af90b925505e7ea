import { z } from "zod";
import { relativePathSchema } from "./relative-path.ts";

/**
 * A column of a source table and the rules for its values. BIGINT: whole numbers, `7` or `7.0`; DOUBLE: finite numbers; BOOLEAN: `true` or
 * `false`; DATE: a day; TIMESTAMP: UTC unless the text has an offset.
 */
export const COLUMN_TYPES = ["BIGINT", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP", "VARCHAR"] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

export const columnRuleSchema = z.strictObject({
  name: z.string().min(1),
  /** @default - the first of BOOLEAN, BIGINT, DOUBLE, DATE and TIMESTAMP that all values have; else VARCHAR */
  type: z.enum(COLUMN_TYPES).optional(),
  /** Greatest number of missing values; or `{ share }`, the greatest share of the rows, from 0 to 1. @default - any if `type` is not given, else 0 */
  nulls: z.union([z.int().min(0), z.strictObject({ share: z.number().min(0).max(1) })]).optional(),
  /** Least value. @default - no limit */
  min: z.number().optional(),
  /** Greatest value. @default - no limit */
  max: z.number().optional(),
  /** The only values allowed. @default - any */
  values: z.array(z.string()).readonly().optional(),
  /** Regular expression that the whole value matches. @default - any */
  pattern: z.string().optional(),
  /** Whether its values are kept out of every message. @default false */
  secret: z.boolean().optional(),
});
export type ColumnRule = z.infer<typeof columnRuleSchema>;

/** One table of the data set: its files in the source and the rules of its rows. */
export const tableRuleSchema = z.strictObject({
  name: z.string().min(1),
  /**
   * Path of its file in the source, or several whose rows are put together. `*` stands for any part of the name of a file or a folder,
   * `**` for any folders. A folder such as `month=2013-01` is a column of its files.
   */
  files: z.union([relativePathSchema, z.array(relativePathSchema).min(1).readonly()]),
  /** @default - by the name of each file: `.parquet`, `.json`, `.jsonl`, `.ndjson`, else CSV. `.gz`, `.zst` and a `.zip` of one file are unpacked */
  format: z.enum(["csv", "parquet", "json"]).optional(),
  /** CSV: separator of the values, one character. Quotes are `"`. @default - the one of `,` `;` `|` and tab that the first line has most of */
  delimiter: z.string().length(1, "must be one character").optional(),
  /** CSV: texts that stand for a missing value. @default ["NA", ""] */
  nullTexts: z.array(z.string()).readonly().optional(),
  /** CSV. @default "utf-8" */
  encoding: z.enum(["utf-8", "utf-16", "latin-1"]).optional(),
  /** Columns of the data set, in their order. Others in the files are left out. @default - all columns of the files */
  columns: z.array(columnRuleSchema).readonly().optional(),
  /** Exact number of rows, or a range. @default - any */
  rows: z
    .union([
      z.int().min(0),
      z.strictObject({ min: z.int().min(0).optional(), max: z.int().min(0).optional() }),
    ])
    .optional(),
  /** Columns whose values together identify a row; no two rows may have the same. @default - none */
  key: z.array(z.string()).readonly().optional(),
  /** Columns by which the data set is sorted. The order must be total. @default - the order of the files */
  orderBy: z.array(z.string()).readonly().optional(),
});
export type TableRule = z.infer<typeof tableRuleSchema>;
