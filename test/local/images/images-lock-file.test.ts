import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ImagesLock } from "../../../components/platform/registry/images-lock.ts";
import { formatImagesLock, loadImagesLock, writeImagesLock } from "../../../local/images/images-lock-file.ts";

const image = (name: string, digit: string): ImagesLock["images"]["redis"] => ({
  source: "x",
  repository: `slipway/${name}`,
  sizeBytes: 3,
  digest: `sha256:${digit.repeat(64)}`,
});
const lock: ImagesLock = {
  schemaVersion: 1,
  images: { redis: image("redis", "1"), pause: image("pause", "2") },
};

describe("the images lock file", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "images-lock-"));
    path = join(folder, "images.dev.lock.json");
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("comes back as it was written, and leaves nothing beside it", async () => {
    expect(await writeImagesLock(path, lock)).toBe(true);
    expect(await loadImagesLock(path)).toEqual(lock);
    expect(await readdir(folder)).toEqual(["images.dev.lock.json"]);
  });

  it("is not written again when it says the same", async () => {
    await writeImagesLock(path, lock);
    const before = await stat(path);
    expect(await writeImagesLock(path, structuredClone(lock))).toBe(false);
    expect((await stat(path)).ino).toBe(before.ino);
  });

  it("is replaced when a digest changes", async () => {
    await writeImagesLock(path, lock);
    const changed = { ...lock, images: { ...lock.images, redis: image("redis", "3") } };
    expect(await writeImagesLock(path, changed)).toBe(true);
    expect(await readFile(path, "utf8")).toContain("3".repeat(64));
  });

  it("starts empty where there is none, and throws where it is broken", async () => {
    expect(await loadImagesLock(path)).toEqual({ schemaVersion: 1, images: {} });
    await writeFile(path, "{}");
    await expect(loadImagesLock(path)).rejects.toThrow(/schemaVersion/);
  });

  it("has one text, whatever the order of its keys", () => {
    const { redis, pause } = lock.images;
    const text = formatImagesLock({ images: { pause, redis }, schemaVersion: 1 });
    expect(text).toBe(formatImagesLock(lock));
    expect(text.indexOf('"pause"')).toBeLessThan(text.indexOf('"redis"'));
    expect(text.endsWith("}\n")).toBe(true);
  });
});
