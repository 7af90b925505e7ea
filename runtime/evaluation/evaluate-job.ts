import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { pushArtifact } from "../artifacts/push-artifact.ts";
import { readStepDefinition } from "../artifacts/read-step-definition.ts";
import { connectRegistry } from "../artifacts/registry-client.ts";
import { artifactRepository } from "../contract/artifact-kind.ts";
import { artifactReferenceSchema } from "../contract/artifact-reference.ts";
import { BINARY } from "../contract/task.ts";
import { definitionDigest } from "../contract/step-definition.ts";
import { registryEnvSchema } from "../contract/env.ts";
import { cpuLimit } from "../cpu-limit.ts";
import { toMatrix } from "../features/matrix.ts";
import { pullFeatureRows } from "../features/pull-feature-rows.ts";
import { parseEnv, parseFlags } from "../job.ts";
import type { Job } from "../job.ts";
import { readCandidate } from "../artifacts/read-candidate.ts";
import { scoreOnnx } from "../onnx/score-onnx.ts";
import { withScratch } from "../scratch.ts";
import { evaluate } from "./evaluate.ts";
import { refuseScores } from "./refuse-scores.ts";
import { scoreChampion } from "./score-champion.ts";

const flagsSchema = z.strictObject({
  definition: artifactReferenceSchema,
  candidate: artifactReferenceSchema,
  champion: artifactReferenceSchema.optional(),
});

/**
 * `evaluate --definition REF --candidate REF [--champion REF]`: computes the metrics of `model.onnx` on the test rows, compares it with
 * baselines and with the champion, and gives the gate's verdict. A model that does not pass is not a failure of this job.
 */
export const evaluateJob: Job = async ({ args, env, log }) => {
  const flags = parseFlags(args, flagsSchema);
  const registry = await connectRegistry(parseEnv(env, registryEnvSchema));
  const { onnx, training } = await readCandidate(registry, flags.candidate);
  const threads = await cpuLimit();
  const [test, train] = await pullFeatureRows(registry, training.features, threads, [
    { split: "test", labelled: true },
    { split: "train", labelled: true, features: false },
  ]);
  const definition = await readStepDefinition(registry, "evaluate", flags.definition, training);
  const subject = {
    definitions: { ...training.definitions, evaluate: definitionDigest(definition) },
    candidate: flags.candidate,
    onnx: training.onnx,
    features: training.features,
  };
  const champion =
    flags.champion === undefined ? undefined : await scoreChampion(registry, flags.champion, test, threads);
  const scores = await scoreOnnx(onnx, toMatrix(test), threads);
  refuseScores(`${training.workload}/${training.model}`, test.manifest.task ?? BINARY, scores, test.rows);
  const evaluation = evaluate(definition, test, scores, subject, { train, champion });
  const { metrics, gate } = evaluation;
  log.info(`gate ${gate.verdict}: ${gate.reason}`, metrics);
  return withScratch(async (scratch) => {
    await writeFile(join(scratch, "evaluation.json"), `${JSON.stringify(evaluation, null, 2)}\n`);
    const artifact = await pushArtifact(registry, {
      repository: artifactRepository(training.workload, "evaluation", training.model),
      kind: "evaluation",
      directory: scratch,
      files: ["evaluation.json"],
    });
    const summary = { ...metrics, gate: gate.verdict, reason: gate.reason.slice(0, 1000) };
    return { job: "evaluate", artifact, summary };
  });
};
