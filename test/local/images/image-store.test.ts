import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { imageStore, sizeBytes } from "../../../local/images/image-store.ts";
import type { ImageStore } from "../../../local/images/image-store.ts";

const hex = (text: string): string => createHash("sha256").update(text).digest("hex");
const descriptor = (text: string): object => ({ digest: `sha256:${hex(text)}`, size: text.length });
const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

describe("the image store", () => {
  let folder: string;
  let store: ImageStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "image-store-"));
    store = imageStore(folder);
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** What buildah writes for an image with these layers. */
  async function exported(...layers: string[]): Promise<string> {
    const target = join(folder, "exported");
    await mkdir(target);
    const config = `config of ${layers.join()}`;
    for (const blob of [config, ...layers]) await writeFile(join(target, hex(blob)), blob);
    const manifest = { config: descriptor(config), layers: layers.map(descriptor) };
    await writeFile(join(target, "manifest.json"), JSON.stringify(manifest));
    return target;
  }

  it("finds what was added by name and key, with the size of its blobs", async () => {
    const added = await store.add("redis", "k1", await exported("base", "redis"), "debian redis");
    expect(await store.find("redis", "k1")).toEqual(added);
    expect(added.source).toBe("debian redis");
    expect(sizeBytes(added)).toBe("base".length + "redis".length + "config of base,redis".length);
    expect(await store.find("redis", "k2")).toBeUndefined();
    expect(await store.find("prometheus", "k1")).toBeUndefined();
    expect(await exists(join(folder, "exported"))).toBe(false);
  });

  it("does not find an image whose layer is cut short or gone", async () => {
    await store.add("redis", "k1", await exported("base", "redis"), "x");
    const layer = store.blob(`sha256:${hex("redis")}`);
    await truncate(layer, 2);
    expect(await store.find("redis", "k1")).toBeUndefined();
    await rm(layer);
    expect(await store.find("redis", "k1")).toBeUndefined();
  });

  it("keeps the three newest images of a name, and the blobs that they share with others", async () => {
    await store.add("pause", "k", await exported("base", "pause"), "x");
    const old = new Date(Date.now() - 7_200_000);
    for (const [index, key] of ["k1", "k2", "k3", "k4"].entries()) {
      await store.add("runtime", key, await exported("base", `app ${key}`), "x");
      const time = new Date(Date.now() - 60_000 + index * 1000);
      await utimes(join(folder, "records", `runtime@${key}.json`), time, time);
      await utimes(store.blob(`sha256:${hex(`app ${key}`)}`), old, old);
    }
    await store.add("runtime", "k5", await exported("base", "app k5"), "x");
    expect(await store.find("runtime", "k1")).toBeUndefined();
    expect(await store.find("runtime", "k2")).toBeUndefined();
    for (const key of ["k3", "k4", "k5"]) expect(await store.find("runtime", key)).toBeDefined();
    expect(await store.find("pause", "k")).toBeDefined();
    expect(await exists(store.blob(`sha256:${hex("app k1")}`))).toBe(false);
    expect(await exists(store.blob(`sha256:${hex("app k3")}`))).toBe(true);
  });

  it("leaves young blobs without a record, which another run may be about to record", async () => {
    await mkdir(join(folder, "blobs"), { recursive: true });
    await writeFile(join(folder, "blobs", "young"), "1");
    await store.add("pause", "k", await exported("pause"), "x");
    expect(await exists(join(folder, "blobs", "young"))).toBe(true);
  });
});
