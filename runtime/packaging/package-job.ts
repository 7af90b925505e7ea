import { z } from "zod";
import { pushArtifact } from "../artifacts/push-artifact.ts";
import { readArtifactJson } from "../artifacts/read-artifact-json.ts";
import { readStepDefinition } from "../artifacts/read-step-definition.ts";
import { connectRegistry } from "../artifacts/registry-client.ts";
import { artifactRepository } from "../contract/artifact-kind.ts";
import { artifactReferenceSchema } from "../contract/artifact-reference.ts";
import { registryEnvSchema } from "../contract/env.ts";
import { evaluationSchema } from "../contract/evaluation.ts";
import { cpuLimit } from "../cpu-limit.ts";
import { BadInput, Refused } from "../errors.ts";
import { pullFeatureRows } from "../features/pull-feature-rows.ts";
import { parseEnv, parseFlags } from "../job.ts";
import type { Job } from "../job.ts";
import { readCandidate } from "../artifacts/read-candidate.ts";
import { withScratch } from "../scratch.ts";
import { MODEL_FILES, packageModel } from "./package-model.ts";

const flagsSchema = z.strictObject({
  definition: artifactReferenceSchema,
  candidate: artifactReferenceSchema,
  evaluation: artifactReferenceSchema,
});

/** `package --definition REF --candidate REF --evaluation REF`: packages a candidate as a model, or refuses to if it did not pass its gate. */
export const packageJob: Job = async ({ args, env }) => {
  const flags = parseFlags(args, flagsSchema);
  const registry = await connectRegistry(parseEnv(env, registryEnvSchema));
  const evaluation = await readArtifactJson(
    registry,
    flags.evaluation,
    "evaluation",
    "evaluation.json",
    evaluationSchema,
  );
  const { workload, model, gate } = evaluation;
  // Checked before anything large is pulled.
  if (gate.verdict !== "passed")
    throw new Refused(`${workload}/${model}: the gate refused this model: ${gate.reason}`);
  if (evaluation.candidate !== flags.candidate)
    throw new BadInput(
      `package: --evaluation must judge ${flags.candidate}, it judges ${evaluation.candidate}`,
    );
  const definition = await readStepDefinition(registry, "package", flags.definition, evaluation);
  const { onnx, training } = await readCandidate(registry, flags.candidate);
  if (evaluation.onnx !== training.onnx)
    throw new BadInput(
      `package: --evaluation must judge model.onnx ${training.onnx}, it judges ${evaluation.onnx}`,
    );
  const threads = await cpuLimit();
  const [train, test] = await pullFeatureRows(registry, training.features, threads, [
    { split: "train", labelled: true },
    { split: "test", labelled: true },
  ]);
  return withScratch(async (scratch) => {
    const card = await packageModel({
      definition,
      onnx,
      training,
      evaluation,
      evaluationReference: flags.evaluation,
      train,
      test,
      threads,
      directory: scratch,
    });
    const artifact = await pushArtifact(registry, {
      repository: artifactRepository(workload, "model", model),
      kind: "model",
      directory: scratch,
      files: MODEL_FILES,
      annotations: { "org.opencontainers.image.description": card.description },
    });
    return { job: "package", artifact, summary: { ...card.metrics, rows: test.rows } };
  });
};
