import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { loadImageSources, writeImageSources } from "../../../stacks/config/image-sources.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "image-sources-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("the repository's own sources are valid, in order, and name no image of ours", async () => {
  const path = join(import.meta.dirname, "../../../images.sources.json");
  const sources = await loadImageSources(path);
  const names = Object.keys(sources.images);
  expect(names).toEqual([...names].sort());
  expect(names).toEqual(expect.arrayContaining(["alertmanager", "prometheus", "pushgateway", "redis"]));
  expect(names).not.toContain("runtime");
  const copy = join(folder, "copy.json");
  await writeImageSources(copy, sources);
  expect(await readFile(copy, "utf8")).toBe(await readFile(path, "utf8"));
});

it.each([
  ["no JSON", "{", "must be a JSON file"],
  ["an image that the platform does not know", '{"schemaVersion":1,"images":{"mysql":{}}}', "images"],
  [
    "an image with a typing error",
    '{"schemaVersion":1,"images":{"rediss":{"reference":"docker.io/redis:7"}}}',
    "images.rediss: no such key; did you mean redis?",
  ],
  [
    "a key with a typing error",
    '{"schemaVersion":1,"images":{"redis":{"referense":"docker.io/redis:7"}}}',
    "images.redis.referense: no such key; did you mean reference?",
  ],
  [
    "a reference without a host",
    '{"schemaVersion":1,"images":{"redis":{"reference":"redis:7"}}}',
    "images.redis.reference: image reference: must be HOST/REPOSITORY:TAG",
  ],
  [
    "a digest that is none",
    '{"schemaVersion":1,"images":{"redis":{"reference":"docker.io/redis:7","digest":"abc"}}}',
    "images.redis.digest: must be sha256:<64 hex digits>",
  ],
])("refuses %s, and names the file", async (_, text, message) => {
  const path = join(folder, "images.sources.json");
  await writeFile(path, text);
  await expect(loadImageSources(path)).rejects.toThrow(message);
  await expect(loadImageSources(path)).rejects.toThrow(path);
});
