import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { digestOfFile } from "../artifacts/digest.ts";
import { pullArtifact, verifyFiles } from "../artifacts/pull-artifact.ts";
import type { RegistryClient } from "../artifacts/registry-client.ts";
import { parseArtifactReference } from "../contract/artifact-reference.ts";
import {
  modelCardSchema,
  modelExamplesSchema,
  scoreDistance,
  SCORE_TOLERANCE,
} from "../contract/model-card.ts";
import type { ModelCard, ModelExamples } from "../contract/model-card.ts";
import { partFaults } from "../contract/model-parts.ts";
import { Corrupt } from "../errors.ts";
import { loadScorer } from "./scorer.ts";
import type { Scorer, ScorerOptions } from "./scorer.ts";

export interface LoadModelOptions extends ScorerOptions {
  registry: RegistryClient;
  /** `<repository>@sha256:…` */
  reference: string;
  /** Empty, or the model's files from an earlier pull. */
  directory: string;
}

export interface LoadedModel {
  card: ModelCard;
  /** `sha256:<64 hex digits>` */
  digest: string;
  scorer: Scorer;
}

/**
 * Pulls a model by its digest, verifies every file and scores the model's examples. Throws Corrupt if a file is changed, missing or
 * unknown, if the card or the provenance belongs to another model or its gate refused it, or if a score differs by more than SCORE_TOLERANCE from the packaged one.
 */
export async function loadModel(options: LoadModelOptions): Promise<LoadedModel> {
  const { registry, reference, directory, threads } = options;
  const files = await pullArtifact(registry, reference, directory, "model");
  await verifyFiles(directory, files);
  const card = await read(directory, "model-card.json", modelCardSchema);
  const onnx = await digestOfFile(join(directory, "model.onnx"));
  const provenance = await read(directory, "provenance.json", z.unknown());
  const faults = partFaults({ onnx, card, provenance });
  if (faults.length > 0) throw new Corrupt(`${card.name}: ${faults.join("; ")}; package the model again`);
  const examples = await read(directory, "examples.json", modelExamplesSchema);
  const width = card.features.length;
  if (card.input.shape[1] !== width)
    throw new Corrupt(
      `${card.name}: input.shape must be [-1, ${width}], as many as features, got ${card.input.shape[1]}; package it again`,
    );
  const scorer = await loadScorer(join(directory, "model.onnx"), card, { threads });
  try {
    await scoreExamples(card, scorer, examples);
  } catch (error) {
    await scorer.close();
    throw error;
  }
  return { card, digest: parseArtifactReference(reference).digest, scorer };
}

async function scoreExamples(
  card: ModelCard,
  scorer: Scorer,
  { rows, scores }: ModelExamples,
): Promise<void> {
  const width = card.features.length;
  if (
    rows.length === 0 ||
    rows.length * card.output.shape[1] !== scores.length ||
    rows.some((row) => row.length !== width)
  )
    throw new Corrupt(
      `${card.name}: examples.json must hold rows of ${width} values and the scores of each; package it again`,
    );
  const batch = Float32Array.from(rows.flat(), (value) => value ?? NaN);
  const got = await scorer.score(batch, rows.length);
  scores.forEach((expected, i) => {
    const difference = scoreDistance(expected, got[i] ?? NaN);
    if (!(difference <= SCORE_TOLERANCE))
      throw new Corrupt(
        `${card.name}: example ${Math.floor(i / card.output.shape[1])} must score ${expected} to ${SCORE_TOLERANCE}, got ${got[i]}: this server does not reproduce the model; package it again with this version of onnxruntime`,
      );
  });
}

async function read<T extends z.ZodType>(directory: string, name: string, schema: T): Promise<z.infer<T>> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(join(directory, name), "utf8"));
  } catch (error) {
    throw new Corrupt(`model: ${name} must be there and hold JSON; package it again`, { cause: error });
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success)
    throw new Corrupt(
      `model: ${name}: ${parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ")}; package it again`,
    );
  return parsed.data;
}
