import { z } from "zod";

const share = z.number().gt(0).lt(1);
const days = z.number().positive();

/** Which rows are for training and which for testing. */
export const splitSchema = z.discriminatedUnion("by", [
  /** By a hash of the key: a row stays on its side, whatever rows are added. For rows without a history. */
  z.strictObject({
    by: z.literal("key"),
    /** Share of the rows that are for testing. @default 0.2 */
    test: share.optional(),
    /** Columns whose rows of one value stay on one side, such as a customer. @default - the key */
    together: z.array(z.string()).min(1).readonly().optional(),
    /** Whether every label has the same share of test rows, to one row. A row may then change its side when rows are added. @default false */
    stratify: z.boolean().optional(),
    /** Another seed gives another split. @default 0 */
    seed: z.int().optional(),
  }),
  /** By the time of the prediction: the newest rows with a known outcome are for testing. The windows move with the data. */
  z.strictObject({
    by: z.literal("time"),
    /** The last days, or the last share of the rows. @default { share: 0.2 } */
    test: z.union([z.strictObject({ days }), z.strictObject({ share })]).optional(),
    /** The days before the test rows. Earlier rows are left out. @default - all of them */
    train: z.strictObject({ days }).optional(),
    /** Days between both that are left out, for outcomes that become known late. @default 0 */
    gapDays: z.number().min(0).optional(),
  }),
]);
export type Split = z.infer<typeof splitSchema>;

/** Prediction rows that are the rows of a table, without SQL. */
export const tableRowsSchema = z.strictObject({
  table: z.string(),
  /** DuckDB SQL condition. @default - all rows */
  where: z.string().optional(),
  /** Columns that identify a row. @default - the whole row */
  key: z.array(z.string()).min(1).readonly().optional(),
  /** Column with the time of the prediction, UTC. @default - none: the rows have no history */
  time: z.string().optional(),
  /** Column with the outcome; null where it is unknown. */
  label: z.string(),
});
export type TableRows = z.infer<typeof tableRowsSchema>;
