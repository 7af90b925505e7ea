import type { TrainerParams } from "../contract/workload.ts";
import type { FeatureRows } from "../features/read-feature-table.ts";
import type { LightGbm } from "../lightgbm.ts";

/** Version of the library that images and tests carry; part of what decides a model. */
export const TRAINER = { name: "lightgbm", version: "4.7.0" } as const;

/** LightGBM's parameters for a model: no thread count in them, and everything fixed that could vary between runs. */
export function lightGbmParams(trainer: TrainerParams): Record<string, string | number | boolean> {
  return {
    objective: "binary",
    num_leaves: trainer.leaves,
    learning_rate: trainer.learningRate,
    min_data_in_leaf: trainer.minDataInLeaf,
    seed: trainer.seed,
    deterministic: true,
    force_row_wise: true,
    verbosity: -1,
  };
}

/** Trains on labelled rows and returns LightGBM's model text. The same rows and parameters give the same text. */
export function train(
  library: LightGbm,
  rows: FeatureRows,
  trainer: TrainerParams,
  onIteration?: (done: number) => void,
): string {
  const names = rows.manifest.features.map(({ name }) => name);
  const categorical = rows.manifest.features.flatMap(({ kind }, i) => (kind === "categorical" ? [i] : []));
  return library.train({
    features: { values: rows.values, rows: rows.rows, columns: names.length },
    labels: rows.labels,
    names,
    params: {
      ...lightGbmParams(trainer),
      ...(categorical.length === 0 ? {} : { categorical_feature: categorical.join(",") }),
    },
    iterations: trainer.trees,
    ...(onIteration === undefined ? {} : { onIteration }),
  });
}
