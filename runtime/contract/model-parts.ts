import { z } from "zod";
import type { Evaluation } from "./evaluation.ts";
import type { ModelCard } from "./model-card.ts";

/** The parts of a model artifact, and the evaluation that its card names. */
export interface ModelParts {
  /** sha256 of its `model.onnx`. */
  onnx: string;
  card: ModelCard;
  /** Content of `provenance.json`. */
  provenance: unknown;
  /** @default - it is not looked at */
  evaluation?: Evaluation | undefined;
  /** Repository of the artifact. @default - it is not looked at */
  repository?: string;
}

const provenanceSchema = z.looseObject({
  subject: z.array(z.looseObject({ digest: z.looseObject({ sha256: z.string() }) })).optional(),
  predicate: z
    .looseObject({
      buildDefinition: z
        .looseObject({
          resolvedDependencies: z.array(z.looseObject({ name: z.string(), uri: z.string() })).optional(),
        })
        .optional(),
    })
    .optional(),
});

/** Parts of the lineage that are artifacts. */
const LINEAGE = ["dataset", "features", "candidate", "evaluation"] as const;

/**
 * Returns one sentence for each part of a model that belongs to another `model.onnx`, and one if its gate refused it. What an older
 * artifact does not name is not compared: `unnamedParts` has it.
 */
export function partFaults({ onnx, card, provenance, evaluation, repository }: ModelParts): string[] {
  const faults: string[] = [];
  const owner = `${card.workload}/${card.name}/model`;
  if (repository !== undefined && repository !== owner)
    faults.push(`model-card.json must be of ${repository}, got that of ${owner}`);
  if (card.onnx !== undefined && card.onnx !== onnx)
    faults.push(`model-card.json must be for model.onnx ${onnx}, got ${card.onnx}`);
  const { subjects, lineage } = readProvenance(provenance);
  const other = subjects.find((subject) => subject !== onnx);
  if (other !== undefined) faults.push(`provenance.json must be for model.onnx ${onnx}, got ${other}`);
  for (const name of LINEAGE) {
    const reference = lineage.get(name);
    if (reference !== undefined && reference !== card.lineage[name])
      faults.push(
        `provenance.json must name the ${name} of the card, ${card.lineage[name]}, got ${reference}`,
      );
  }
  if (card.gate.verdict !== "passed")
    faults.push(`its gate must have passed when it was packaged, got: ${card.gate.reason}`);
  if (evaluation !== undefined) faults.push(...evaluationFaults({ onnx, card }, evaluation));
  return faults;
}

function evaluationFaults(
  { onnx, card }: Pick<ModelParts, "onnx" | "card">,
  evaluation: Evaluation,
): string[] {
  const subject = `the evaluation ${card.lineage.evaluation}`;
  if (evaluation.onnx !== undefined && evaluation.onnx !== onnx)
    return [`${subject} must be of model.onnx ${onnx}, got ${evaluation.onnx}`];
  if (evaluation.candidate !== card.lineage.candidate)
    return [`${subject} must be of candidate ${card.lineage.candidate}, got ${evaluation.candidate}`];
  return [
    ...(evaluation.gate.verdict === "passed"
      ? []
      : [`${subject} must have passed its gate, got: ${evaluation.gate.reason}`]),
    ...Object.entries(evaluation.metrics)
      .filter(([name, value]) => card.metrics[name] !== value)
      .slice(0, 1)
      .map(
        ([name, value]) =>
          `model-card.json must have the ${name} of its evaluation, ${value}, got ${card.metrics[name]}`,
      ),
  ];
}

/** Returns the parts that do not name the `model.onnx` for which they were made, because an older version made them. */
export function unnamedParts({ card, provenance, evaluation }: ModelParts): string[] {
  return [
    ...(card.onnx === undefined ? ["model-card.json"] : []),
    ...(readProvenance(provenance).subjects.length === 0 ? ["provenance.json"] : []),
    ...(evaluation !== undefined && evaluation.onnx === undefined ? ["evaluation.json"] : []),
  ];
}

function readProvenance(provenance: unknown): { subjects: string[]; lineage: Map<string, string> } {
  const { data } = provenanceSchema.safeParse(provenance);
  const dependencies = data?.predicate?.buildDefinition?.resolvedDependencies ?? [];
  return {
    subjects: (data?.subject ?? []).map(({ digest }) => `sha256:${digest.sha256}`),
    lineage: new Map(dependencies.map(({ name, uri }) => [name, uri.replace(/^oci:/, "")])),
  };
}
