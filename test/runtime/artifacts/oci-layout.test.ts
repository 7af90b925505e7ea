import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadModel } from "../../../runtime/serving/load-model.ts";
import { ociLayout } from "../../../runtime/artifacts/oci-layout.ts";
import { TINY_REPOSITORY, tinyArtifact } from "../serving/tiny-model.ts";
import { writeLayout } from "../support/oci-layout.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "layout-"));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const load = (reference: string): Promise<unknown> =>
  loadModel({ registry: ociLayout(join(root, "layout")), reference, directory: join(root, "model") });

test("a model is loaded and verified from an image layout", async () => {
  const artifact = await tinyArtifact();
  await writeLayout(join(root, "layout"), artifact);
  expect(await load(artifact.reference)).toMatchObject({
    card: { name: "tiny" },
    digest: artifact.reference.split("@")[1],
  });
});

test.each([
  ["is missing", undefined, /is missing; copy the artifact again/],
  ["is changed", Buffer.from("x"), /must be \d+ bytes with digest sha256:[0-9a-f]+, got 1 with/],
])("a blob that %s is refused", async (_what, bytes, message) => {
  const artifact = await tinyArtifact();
  const digest = [...artifact.blobs.keys()][0]!;
  await writeLayout(join(root, "layout"), artifact);
  const path = join(root, "layout", "blobs", ...digest.split(":"));
  await rm(path);
  if (bytes !== undefined) await writeFile(path, bytes);
  await expect(load(artifact.reference)).rejects.toThrow(message);
});

test("a manifest that is another than its digest says is refused", async () => {
  const artifact = await tinyArtifact();
  const digest = `sha256:${"1".repeat(64)}`;
  const path = join(root, "layout", "blobs", ...digest.split(":"));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, artifact.manifest);
  await expect(load(`${TINY_REPOSITORY}@${digest}`)).rejects.toThrow(/manifest .* must have digest/);
});

test("a model that is not there is said to be missing from that folder", async () => {
  await expect(load(`${TINY_REPOSITORY}@sha256:${"2".repeat(64)}`)).rejects.toThrow(
    /no flight-delays.* in registry .*layout/,
  );
});

test("refuses to write to a layout", async () => {
  await expect(ociLayout(root).putTag("a", "b", "c")).rejects.toThrow("read-only");
});
