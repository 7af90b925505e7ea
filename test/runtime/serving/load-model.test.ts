import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { digestOf } from "../../../runtime/artifacts/digest.ts";
import { registryClient } from "../../../runtime/artifacts/registry-client.ts";
import type { RegistryClient } from "../../../runtime/artifacts/registry-client.ts";
import { loadModel } from "../../../runtime/serving/load-model.ts";
import { json, tinyArtifact, tinyCard, tinyExamples } from "./tiny-model.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "load-model-"));
});
afterEach(() => rm(directory, { recursive: true }));

type Artifact = Awaited<ReturnType<typeof tinyArtifact>>;

/** A registry that holds one artifact. */
function registryOf({ manifest, blobs }: Artifact): RegistryClient {
  const answer = (url: string): Response => {
    const found = url.includes("/manifests/") ? manifest : blobs.get(url.split("/blobs/")[1] ?? "");
    return found === undefined ? new Response(null, { status: 404 }) : new Response(new Uint8Array(found));
  };
  const fetchOne = async (url: string | URL | Request): Promise<Response> =>
    answer(url instanceof Request ? url.url : url.toString());
  return registryClient({ url: "http://registry.test", fetch: fetchOne, retries: 0 });
}

const load = async (artifact: Artifact): ReturnType<typeof loadModel> =>
  loadModel({ registry: registryOf(artifact), reference: artifact.reference, directory });

test("loads a model that reproduces its examples", async () => {
  const artifact = await tinyArtifact();
  const { card, digest, scorer } = await load(artifact);
  expect(card).toEqual(tinyCard);
  expect(artifact.reference).toContain(digest);
  expect((await scorer.score(Float32Array.from([1, 5, 40, 10, 150]), 1))[0]).toBeCloseTo(0.294215, 6);
  await scorer.close();
});

const scores = [...tinyExamples.scores];
scores[1] = (scores[1] ?? 0) + 2e-5;
const card = (change: object): Buffer => json({ ...tinyCard, ...change });
test.each<[string, Record<string, Buffer | undefined>, RegExp]>([
  ["without its ONNX file", { "model.onnx": undefined }, /model\.onnx/],
  ["without its card", { "model-card.json": undefined }, /model-card\.json must be there/],
  ["without examples", { "examples.json": undefined }, /examples\.json must be there/],
  [
    "with no example rows",
    { "examples.json": json({ schemaVersion: 1, rows: [], scores: [] }) },
    /must hold rows of 5 values/,
  ],
  [
    "whose score is 2e-5 off",
    { "examples.json": json({ ...tinyExamples, scores }) },
    /example 1 must score .* to 0\.00001, got/,
  ],
  [
    "whose provenance is of another model.onnx",
    { "provenance.json": json({ subject: [{ digest: { sha256: "b".repeat(64) } }] }) },
    /tiny: provenance.json must be for model.onnx sha256:\w+, got sha256:bbbb/,
  ],
  [
    "that its gate refused",
    { "model-card.json": card({ gate: { verdict: "refused", checks: [], reason: "auc too low" } }) },
    /its gate must have passed when it was packaged, got: auc too low/,
  ],
  [
    "whose card is of another model.onnx",
    { "model-card.json": card({ onnx: `sha256:${"0".repeat(64)}` }) },
    /model-card\.json must be for model\.onnx sha256:[0-9a-f]{64}, got sha256:0{64}/,
  ],
  ["whose card is none", { "model-card.json": json({}) }, /model-card\.json: .*schemaVersion/],
  [
    "whose card names another input",
    { "model-card.json": card({ input: { ...tinyCard.input, name: "x" } }) },
    /the one input x of its card, got features/,
  ],
  [
    "whose card has another width",
    { "model-card.json": card({ features: tinyCard.features.slice(1) }) },
    /as many as features/,
  ],
  [
    "whose ONNX file is none",
    { "model.onnx": Buffer.from("not a model") },
    /model\.onnx must be a model that onnxruntime loads/,
  ],
])("refuses a model %s", async (_name, changed, message) => {
  await expect(load(await tinyArtifact(changed))).rejects.toThrow(message);
});

test("refuses a file whose bytes are not what the manifest says, and leaves nothing of it", async () => {
  const artifact = await tinyArtifact();
  for (const [digest, bytes] of artifact.blobs) {
    const changed = Buffer.from(bytes);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    artifact.blobs.set(digest, changed);
    await expect(load(artifact)).rejects.toThrow(/must be .* with digest/);
    artifact.blobs.set(digest, bytes);
    for (const name of await readdir(directory)) await rm(join(directory, name));
  }
});

test("refuses a manifest that is not the one of its digest", async () => {
  const artifact = await tinyArtifact();
  const other = await tinyArtifact({ "provenance.json": json({ other: true }) });
  await expect(load({ ...other, reference: artifact.reference })).rejects.toThrow(/must have digest/);
  expect(digestOf(other.manifest)).not.toBe(digestOf(artifact.manifest));
});

test("refuses a folder that holds a file which is not the model's", async () => {
  await writeFile(join(directory, "extra.so"), "");
  await expect(load(await tinyArtifact())).rejects.toThrow(/extra\.so .* is not part of the artifact/);
});

test("writes a file anew whose bytes on disk were changed", async () => {
  const artifact = await tinyArtifact();
  await (await load(artifact)).scorer.close();
  await writeFile(join(directory, "model-card.json"), card({ threshold: 0.1 }));
  const { card: loaded, scorer } = await load(artifact);
  expect(loaded.threshold).toBe(0.5);
  await scorer.close();
});
