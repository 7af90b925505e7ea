import type { FeatureRows } from "./read-feature-table.ts";

/** Row-major float32 values, missing = NaN. */
export interface Matrix {
  values: Float32Array;
  rows: number;
  columns: number;
}

/** Returns the features of rows, without their labels. */
export function toMatrix({ values, rows, manifest }: FeatureRows): Matrix {
  return { values, rows, columns: manifest.features.length };
}
