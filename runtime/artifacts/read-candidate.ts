import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf } from "./digest.ts";
import { pullArtifact } from "./pull-artifact.ts";
import type { RegistryClient } from "./registry-client.ts";
import { trainingRecordSchema, type TrainingRecord } from "../contract/training-record.ts";
import { Corrupt } from "../errors.ts";
import { withScratch } from "../scratch.ts";

export interface CandidateModel {
  onnx: Uint8Array;
  training: TrainingRecord;
}

/** Pulls the candidate of a training run. Throws Corrupt if its training record is for another `model.onnx`. */
export function readCandidate(registry: RegistryClient, reference: string): Promise<CandidateModel> {
  return withScratch(async (scratch) => {
    await pullArtifact(registry, reference, scratch, "candidate");
    const onnx = await readFile(join(scratch, "model.onnx"));
    const record: unknown = JSON.parse(await readFile(join(scratch, "training.json"), "utf8"));
    const training = trainingRecordSchema.parse(record);
    if (training.onnx !== digestOf(onnx))
      throw new Corrupt(
        `${reference}: training.json must be for model.onnx ${digestOf(onnx)}, got ${training.onnx}; train again`,
      );
    return { onnx, training };
  });
}
