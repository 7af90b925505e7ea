import { describe, expect, it } from "vitest";
import { provenance } from "../../../runtime/packaging/provenance.ts";

const hex = (digit: string): string => digit.repeat(64);

describe("provenance", () => {
  const reference = (name: string, digit: string): string => `flight-delays/${name}@sha256:${hex(digit)}`;
  const lineage = {
    dataset: reference("dataset", "a"),
    features: reference("pushback/features", "b"),
    candidate: reference("pushback/candidate", "c"),
    evaluation: reference("pushback/evaluation", "d"),
    codeRevision: "1".repeat(40),
  };
  const training = {
    schemaVersion: 1 as const,
    workload: "flight-delays",
    model: "pushback",
    trainer: { name: "lightgbm", version: "4.7.0" },
    features: lineage.features,
    params: { num_leaves: 63 },
    seed: 7,
    codeRevision: lineage.codeRevision,
    rows: 10,
    onnx: `sha256:${hex("e")}`,
    parity: { rows: 5, maxAbsoluteDifference: 1e-7 },
  };

  it("is an in-toto statement that names data, code and parameters by digest", () => {
    const statement = provenance({ lineage, training });
    expect(statement).toMatchObject({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "model.onnx", digest: { sha256: hex("e") } }],
      predicateType: "https://slsa.dev/provenance/v1",
      predicate: {
        buildDefinition: {
          externalParameters: { workload: "flight-delays", model: "pushback", params: { num_leaves: 63 } },
          internalParameters: { seed: 7 },
        },
      },
    });
    const { buildDefinition } = statement["predicate"] as {
      buildDefinition: { resolvedDependencies: { name: string; digest?: Record<string, string> }[] };
    };
    expect(buildDefinition.resolvedDependencies.map(({ name, digest }) => [name, digest])).toEqual([
      ["dataset", { sha256: hex("a") }],
      ["features", { sha256: hex("b") }],
      ["candidate", { sha256: hex("c") }],
      ["evaluation", { sha256: hex("d") }],
      ["code", { gitCommit: "1".repeat(40) }],
    ]);
  });

  it("claims no commit where the revision is unknown", () => {
    const text = JSON.stringify(
      provenance({
        lineage: { ...lineage, codeRevision: "unknown" },
        training,
      }),
    );
    expect(text).toContain("urn:slipway:code:unknown");
    expect(text).not.toContain("gitCommit");
  });
});
