import { readFile } from "node:fs/promises";
import { manifestBytes } from "../../../runtime/artifacts/manifest.ts";
import { digestOf } from "../../../runtime/artifacts/digest.ts";
import { modelCardSchema } from "../../../runtime/contract/model-card.ts";
import type { ModelCard, ModelExamples } from "../../../runtime/contract/model-card.ts";
import type { ReferenceProfile } from "../../../runtime/contract/reference-profile.ts";

export const TINY_ONNX = new URL("./fixtures/tiny-model.onnx", import.meta.url).pathname;
export const TINY_REPOSITORY = "flight-delays/tiny/model";

/** The card of fixtures/tiny-model.onnx: two features from the caller, two by origin (six hours), one by plane. */
export const tinyCard: ModelCard = modelCardSchema.parse({
  schemaVersion: 1,
  workload: "flight-delays",
  name: "tiny",
  description: "three trees",
  input: { name: "features", datatype: "FP32", shape: [-1, 5] },
  output: { name: "probability", datatype: "FP32", shape: [-1, 1] },
  features: [
    { name: "carrier", view: "request", kind: "categorical", categories: ["AA", "UA", "WN"] },
    { name: "dep_delay", view: "request", kind: "numeric" },
    { name: "temp", view: "origin-weather", kind: "numeric" },
    { name: "wind", view: "origin-weather", kind: "numeric" },
    { name: "seats", view: "plane", kind: "numeric", drift: false },
  ],
  views: [
    { name: "origin-weather", entity: ["origin"], ttlSeconds: 21_600, features: ["wind", "temp"] },
    { name: "plane", entity: ["tailnum"], ttlSeconds: null, features: ["seats"] },
  ],
  threshold: 0.5,
  metrics: { rows: 100, prevalence: 0.25, auc: 0.9, logLoss: 0.3, brier: 0.1, calibrationError: 0.01 },
  gate: { verdict: "passed", checks: [], reason: "passed" },
  parity: { rows: 100, maxAbsoluteDifference: 1e-7 },
  lineage: { dataset: "d", features: "f", candidate: "b", evaluation: "e", codeRevision: "unknown" },
});

const logistic = (margin: number): number => 1 / (1 + Math.exp(-margin));

/** Rows and scores worked out by hand from the leaves in make-tiny-model.py. */
export const tinyExamples: ModelExamples = {
  schemaVersion: 1,
  rows: [
    [1, 5, 40, 10, 150],
    [0, 20, null, null, null],
    [null, null, 50, null, null],
    [0, 10, 32, 99, 100],
  ],
  scores: [-0.25 - 0.5 - 0.125, 1.5 + 0.5 - 0.125, 1.5 - 0.5 - 0.125, -1 + 0.5 + 0.125].map(logistic),
};

export const tinyProfile: ReferenceProfile = {
  schemaVersion: 1,
  rows: 10_000,
  features: [
    { name: "carrier", kind: "categorical", codes: 3, shares: [0.5, 0.3, 0.2, 0, 0] },
    { name: "dep_delay", kind: "numeric", edges: [0, 10], shares: [0.5, 0.25, 0.25, 0] },
    { name: "temp", kind: "numeric", edges: [32], shares: [0.4, 0.5, 0.1] },
    { name: "wind", kind: "numeric", edges: [20], shares: [0.8, 0.1, 0.1] },
    { name: "seats", kind: "numeric", edges: [100], shares: [0.5, 0.5, 0] },
  ],
  score: { name: "score", kind: "numeric", edges: [0.3, 0.6], shares: [0.4, 0.4, 0.2, 0] },
};

/** The model as an artifact: its reference, manifest and blobs by digest. */
export async function tinyArtifact(
  changed: Record<string, Uint8Array | undefined> = {},
): Promise<{ reference: string; manifest: Buffer; blobs: Map<string, Uint8Array> }> {
  const contents: Record<string, Uint8Array | undefined> = {
    "model.onnx": await readFile(TINY_ONNX),
    "model-card.json": json(tinyCard),
    "examples.json": json(tinyExamples),
    "reference-profile.json": json(tinyProfile),
    "provenance.json": json({}),
    ...changed,
  };
  const blobs = new Map<string, Uint8Array>();
  const files = Object.entries(contents).flatMap(([name, bytes]) => {
    if (bytes === undefined) return [];
    const digest = digestOf(bytes);
    blobs.set(digest, bytes);
    return [{ name, digest, size: bytes.length }];
  });
  const manifest = manifestBytes({ kind: "model", files });
  return { reference: `${TINY_REPOSITORY}@${digestOf(manifest)}`, manifest, blobs };
}

export const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
