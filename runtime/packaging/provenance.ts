import { parseArtifactReference } from "../contract/artifact-reference.ts";
import type { ModelCard } from "../contract/model-card.ts";
import type { TrainingRecord } from "../contract/training-record.ts";

export interface ProvenanceOptions {
  lineage: ModelCard["lineage"];
  training: TrainingRecord;
}

/**
 * Returns an in-toto statement with SLSA provenance: the data, code and parameters of model.onnx, without a time of day.
 * @see https://slsa.dev/spec/v1.0/provenance
 */
export function provenance({ lineage, training }: ProvenanceOptions): Record<string, unknown> {
  const { codeRevision, definitions, ...artifacts } = lineage;
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "model.onnx", digest: sha256(training.onnx) }],
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: `urn:slipway:build:${training.trainer.name}-to-onnx:1`,
        externalParameters: {
          workload: training.workload,
          model: training.model,
          params: training.params,
          definitions,
        },
        internalParameters: { seed: training.seed, trainer: training.trainer },
        resolvedDependencies: [
          ...Object.entries(artifacts).map(([name, reference]) => ({
            name,
            uri: `oci:${reference}`,
            digest: sha256(parseArtifactReference(reference).digest),
          })),
          {
            name: "code",
            uri: `urn:slipway:code:${codeRevision}`,
            ...(/^[0-9a-f]{40}$/.test(codeRevision) ? { digest: { gitCommit: codeRevision } } : {}),
          },
        ],
      },
      runDetails: { builder: { id: "urn:slipway:runtime" } },
    },
  };
}

function sha256(digest: string): { sha256: string } {
  return { sha256: digest.replace("sha256:", "") };
}
