import { z } from "zod";

/** A column of a source table and the rules for its values. */
export const columnRuleSchema = z.strictObject({
  name: z.string().min(1),
  /** BIGINT: whole numbers, `7` or `7.0`; DOUBLE: finite numbers; TIMESTAMP: UTC unless the text has an offset. */
  type: z.enum(["BIGINT", "DOUBLE", "VARCHAR", "TIMESTAMP"]),
  /** Greatest number of missing values. @default 0 */
  nulls: z.int().min(0).optional(),
  /** Least value. @default - no limit */
  min: z.number().optional(),
  /** Greatest value. @default - no limit */
  max: z.number().optional(),
  /** The only values allowed. @default - any */
  values: z.array(z.string()).readonly().optional(),
  /** Regular expression that the whole value matches. @default - any */
  pattern: z.string().optional(),
});
export type ColumnRule = z.infer<typeof columnRuleSchema>;

/** One table of the data set and the file of the source package that it is read from. */
export const tableRuleSchema = z.strictObject({
  name: z.string().min(1),
  /** Path inside the package; a `.zip` holds one CSV file. */
  member: z.string(),
  /** Separator of the values, one character. Quotes are `"`, and the first line has the names of the columns. @default "," */
  delimiter: z.string().length(1, "must be one character").optional(),
  columns: z.array(columnRuleSchema).readonly(),
  /** Exact number of rows. */
  rows: z.int().min(0),
  /** Columns whose values together identify a row; no two rows may have the same. */
  key: z.array(z.string()).readonly(),
  /** Columns by which the data set is sorted. The order must be total, so that the same rows give the same bytes. */
  orderBy: z.array(z.string()).readonly(),
});
export type TableRule = z.infer<typeof tableRuleSchema>;
