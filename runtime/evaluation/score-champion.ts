import { readModel } from "../artifacts/read-model.ts";
import type { RegistryClient } from "../artifacts/registry-client.ts";
import type { FeatureRows } from "../features/read-feature-table.ts";
import { scoreOnnx } from "../onnx/score-onnx.ts";
import { championMatrix } from "./champion-matrix.ts";
import type { ScoredChampion } from "./compare-champion.ts";

/** Scores test rows with the `model.onnx` of the champion, where the feature table has its features. */
export async function scoreChampion(
  registry: RegistryClient,
  reference: string,
  test: FeatureRows,
  threads: number,
): Promise<ScoredChampion> {
  const { onnx, card } = await readModel(registry, reference);
  const matrix = championMatrix(card, test);
  if ("notComparable" in matrix) return { reference, ...matrix };
  const scores = await scoreOnnx(onnx, matrix, threads);
  return { reference, scores, threshold: card.threshold };
}
