import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf } from "../../artifacts/digest.ts";
import { pushArtifact } from "../../artifacts/push-artifact.ts";
import { readArtifactJson } from "../../artifacts/read-artifact-json.ts";
import { readStepDefinition } from "../../artifacts/read-step-definition.ts";
import type { RegistryClient } from "../../artifacts/registry-client.ts";
import { artifactRepository } from "../../contract/artifact-kind.ts";
import { featureTableManifestSchema } from "../../contract/feature.ts";
import { definitionDigest } from "../../contract/step-definition.ts";
import type { StepResult } from "../../contract/step-result.ts";
import { TRAINER_LOCK } from "../../contract/trainers/python.ts";
import { trainingRecordSchema } from "../../contract/training-record.ts";
import { cpuLimit } from "../../cpu-limit.ts";
import { openDuckDb } from "../../duckdb.ts";
import { BadInput } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import { withScratch } from "../../scratch.ts";
import { collectModel } from "./collect-model.ts";

export interface CollectTrainedOptions {
  registry: RegistryClient;
  /** Reference of the part of the definition. */
  definition: string;
  /** Reference of the feature table. */
  features: string;
  image?: string | undefined;
  work: string;
  codeRevision: string;
  log: Logger;
}

/** Checks what a trainer's container has left in `work`, and pushes it as a candidate, with the record of its training. */
export async function collectTrained(options: CollectTrainedOptions): Promise<StepResult> {
  const { registry, features, image, work, codeRevision, log } = options;
  const manifest = await readArtifactJson(
    registry,
    features,
    "features",
    "features.json",
    featureTableManifestSchema,
  );
  const { workload, model: name } = manifest;
  const definition = await readStepDefinition(registry, "train", options.definition, {
    workload,
    model: name,
  });
  const { trainer } = definition.model;
  if (trainer.kind !== "python")
    throw new BadInput(`train: must be given a Python trainer, got ${trainer.kind}`);
  const threads = await cpuLimit();
  return withScratch(async (scratch) => {
    const db = await openDuckDb({ threads, scratch });
    try {
      const { onnx, input, metrics, parity } = await collectModel(db, work, threads);
      log.info("checked", { ...parity, bytes: onnx.length, ...metrics });
      const files = Object.fromEntries((trainer.files ?? []).map((file) => [file.name, file.digest]));
      const record = trainingRecordSchema.parse({
        schemaVersion: 1,
        workload,
        model: name,
        trainer: { name: "python", version: files[TRAINER_LOCK] ?? "unknown", image, files },
        definitions: { ...manifest.definitions, train: definitionDigest(definition) },
        features,
        params: trainer.params,
        seed: trainer.seed,
        codeRevision,
        rows: input.rows,
        onnx: digestOf(onnx),
        parity,
      });
      const candidate: Record<string, string | Uint8Array> = {
        "model.onnx": onnx,
        "training.json": json(record),
        "metrics.json": json(metrics),
      };
      const folder = join(scratch, "candidate");
      await mkdir(folder);
      for (const [file, content] of Object.entries(candidate)) await writeFile(join(folder, file), content);
      const artifact = await pushArtifact(registry, {
        repository: artifactRepository(workload, "candidate", name),
        kind: "candidate",
        directory: folder,
        files: Object.keys(candidate),
      });
      return {
        job: "train",
        artifact,
        summary: { rows: input.rows, parity: parity.maxAbsoluteDifference },
      };
    } finally {
      db.close();
    }
  });
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
