import { setImmediate } from "node:timers/promises";
import type { Feature } from "../../contract/feature.ts";
import { BINARY } from "../../contract/task.ts";
import type { LightGbmDefinition } from "../../contract/trainers/lightgbm.ts";
import { toMatrix } from "../../features/matrix.ts";
import type { Trainer } from "../trainer.ts";
import { parseLightGbmModel } from "./lightgbm-model.ts";
import { loadLightGbm } from "./lightgbm.ts";
import { byGroup } from "./by-group.ts";
import { objectiveOf } from "./objective.ts";
import { toOnnx } from "./to-onnx.ts";

/** Version of the library in images and tests. */
const VERSION = "4.7.0";
/** Number of trees between two checks of the signal: LightGBM blocks the process while it builds a tree. */
const TREES_PER_TURN = 5;

/** Trains boosted trees for any task. `library` is the path of lib_lightgbm.so. */
export function lightGbmTrainer(library: string): Trainer {
  return {
    name: "lightgbm",
    version: VERSION,
    async train({ rows, params: trainer, threads, signal, onProgress }) {
      const lightGbm = loadLightGbm(library, threads);
      const { features, task = BINARY } = rows.manifest;
      const params = { ...lightGbmParams(trainer, features), ...objectiveOf(task) };
      const ordered = task.kind === "ranking" ? byGroup(rows) : { ...rows, sizes: undefined };
      const text = await lightGbm.train({
        features: toMatrix(ordered),
        labels: ordered.labels,
        groups: ordered.sizes,
        names: features.map(({ name }) => name),
        params,
        iterations: trainer.trees,
        onIteration: async (done) => {
          if (done % TREES_PER_TURN !== 0) return;
          await setImmediate(); // lets a signal arrive
          signal.throwIfAborted();
          onProgress?.(done, trainer.trees);
        },
      });
      return {
        onnx: toOnnx(rows.manifest.model, parseLightGbmModel(text)),
        native: { file: "model.txt", content: text },
        params: { ...params, num_iterations: trainer.trees },
        score: (matrix) => lightGbm.predict(text, matrix),
      };
    },
  };
}

/** Returns LightGBM's parameters for a model, without its objective. They have no thread count, and fix everything that could vary between runs. */
export function lightGbmParams(
  trainer: LightGbmDefinition,
  features: readonly Pick<Feature, "kind">[],
): Record<string, string | number | boolean> {
  const categorical = features.flatMap(({ kind }, i) => (kind === "categorical" ? [i] : []));
  const sets = trainer.categoricalSplits && categorical.length > 0;
  return {
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
