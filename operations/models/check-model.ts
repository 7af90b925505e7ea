import { manifestFiles } from "../../runtime/artifacts/manifest.ts";
import { readArtifactJson } from "../../runtime/artifacts/read-artifact-json.ts";
import { manifestSchema } from "../../runtime/artifacts/manifest.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { RegistryError } from "../../runtime/artifacts/registry-error.ts";
import { parseArtifactReference } from "../../runtime/contract/artifact-reference.ts";
import { evaluationSchema, type Evaluation } from "../../runtime/contract/evaluation.ts";
import { modelCardSchema } from "../../runtime/contract/model-card.ts";
import { partFaults, unnamedParts } from "../../runtime/contract/model-parts.ts";
import type { Workload } from "../../runtime/contract/workload.ts";
import { describeError, RuntimeFault } from "../../runtime/errors.ts";
import { judge } from "../../runtime/evaluation/gate.ts";
import { z } from "zod";

/** What is wrong with a model in the registry. */
export interface ModelCheck {
  /** One sentence for each part that belongs to another file, or for the refusal in its card. Nothing accepts these. */
  faults: string[];
  /** Why the gate, as it is in the checkout, refuses it on its recorded metrics. @default - it passes, or the checkout has no such model */
  gate?: string;
  /** Parts that do not name their `model.onnx`, of an older artifact: they are not compared. */
  unnamed: string[];
}

/**
 * Checks that the parts of a packaged model belong together, and judges its recorded metrics by the gate of the checkout. Reads JSON
 * alone. Throws a RegistryError where the registry does not answer.
 *
 * @param workload - its definition in the checkout. @default - its gate is not judged
 */
export async function checkModel(
  registry: RegistryClient,
  reference: string,
  workload?: Workload,
): Promise<ModelCheck> {
  try {
    return await checked(registry, reference, workload);
  } catch (error) {
    // A part that is missing or has another form.
    if (error instanceof RuntimeFault && !(error instanceof RegistryError))
      return { faults: [describeError(error)], unnamed: [] };
    throw error;
  }
}

async function checked(
  registry: RegistryClient,
  reference: string,
  workload: Workload | undefined,
): Promise<ModelCheck> {
  const { repository, digest } = parseArtifactReference(reference);
  const raw = await registry.getManifest(repository, digest);
  const files = manifestFiles(manifestSchema.parse(JSON.parse(raw?.bytes.toString() ?? "null")));
  const [card, provenance] = await Promise.all([
    readArtifactJson(registry, reference, "model", "model-card.json", modelCardSchema),
    readArtifactJson(registry, reference, "model", "provenance.json", z.unknown()),
  ]);
  const onnx = files.find(({ name }) => name === "model.onnx")?.digest;
  if (onnx === undefined) return { faults: [`${reference} must hold model.onnx`], unnamed: [] };
  const evaluation = await evaluationOf(registry, card.lineage.evaluation);
  const parts = { onnx, card, provenance, evaluation, repository };
  const rule = workload?.models.find(({ name }) => name === card.name)?.gate;
  const verdict =
    rule === undefined ? undefined : judge(rule, (evaluation ?? card).metrics, evaluation?.segments ?? []);
  return {
    faults: partFaults(parts),
    ...(verdict?.verdict === "refused" ? { gate: verdict.reason } : {}),
    unnamed: unnamedParts(parts),
  };
}

/** Returns the evaluation of a card; undefined if the registry no longer has it, or never had it. */
async function evaluationOf(registry: RegistryClient, reference: string): Promise<Evaluation | undefined> {
  let named;
  try {
    named = parseArtifactReference(reference);
  } catch {
    return undefined; // a card of a test, or made by hand
  }
  if ((await registry.getManifest(named.repository, named.digest)) === undefined) return undefined;
  return readArtifactJson(registry, reference, "evaluation", "evaluation.json", evaluationSchema);
}
