import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { modelCardSchema, type ModelCard } from "../contract/model-card.ts";
import { Corrupt } from "../errors.ts";
import { withScratch } from "../scratch.ts";
import { digestOf } from "./digest.ts";
import { pullArtifact } from "./pull-artifact.ts";
import type { RegistryClient } from "./registry-client.ts";

/** Pulls a packaged model. Throws Corrupt if its card is of another `model.onnx`. */
export function readModel(
  registry: RegistryClient,
  reference: string,
): Promise<{ onnx: Uint8Array; card: ModelCard }> {
  return withScratch(async (scratch) => {
    await pullArtifact(registry, reference, scratch, "model");
    const onnx = await readFile(join(scratch, "model.onnx"));
    const card = modelCardSchema.parse(
      JSON.parse(await readFile(join(scratch, "model-card.json"), "utf8")) as unknown,
    );
    if (card.onnx !== undefined && card.onnx !== digestOf(onnx))
      throw new Corrupt(
        `${reference}: model-card.json must be of model.onnx ${digestOf(onnx)}, got ${card.onnx}`,
      );
    return { onnx, card };
  });
}
