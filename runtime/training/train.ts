import type { Feature } from "../contract/feature.ts";
import type { TrainerParams } from "../contract/workload.ts";
import type { FeatureRows } from "../features/read-feature-table.ts";
import type { LightGbm } from "./lightgbm/lightgbm.ts";

/** Version of the library that images and tests carry; part of what decides a model. */
export const TRAINER = { name: "lightgbm", version: "4.7.0" } as const;

/** LightGBM's parameters for a model: no thread count in them, and everything fixed that could vary between runs. */
export function lightGbmParams(
  trainer: TrainerParams,
  features: readonly Pick<Feature, "kind">[],
): Record<string, string | number | boolean> {
  const categorical = features.flatMap(({ kind }, i) => (kind === "categorical" ? [i] : []));
  const sets = trainer.categoricalSplits && categorical.length > 0;
  return {
    objective: "binary",
    num_leaves: trainer.leaves,
    learning_rate: trainer.learningRate,
    min_data_in_leaf: trainer.minDataInLeaf,
    seed: trainer.seed,
    deterministic: true,
    force_row_wise: true,
    verbosity: -1,
    ...(sets ? { categorical_feature: categorical.join(",") } : {}),
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
  return library.train({
    features: { values: rows.values, rows: rows.rows, columns: names.length },
    labels: rows.labels,
    names,
    params: lightGbmParams(trainer, rows.manifest.features),
    iterations: trainer.trees,
    ...(onIteration === undefined ? {} : { onIteration }),
  });
}
