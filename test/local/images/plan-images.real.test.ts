import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseImagesLock } from "../../../components/platform/registry/images-lock.ts";
import { resolvePackages } from "../../../local/images/debian-packages.ts";
import { IMAGE_PACKAGES } from "../../../local/images/debian-images.ts";
import { imageKey } from "../../../local/images/image-keys.ts";
import { ROOT } from "../../../local/images/image-recipes.ts";
import { imageStore } from "../../../local/images/image-store.ts";
import { planImages } from "../../../local/images/plan-images.ts";
import { runtimeImage } from "../../../local/images/runtime-image.ts";
import { lineProgress } from "../../../local/progress.ts";

describe("the plan of the images", () => {
  const progress = lineProgress(() => {});
  const cacheBefore = process.env["SLIPWAY_CACHE"];
  let folder: string;
  let lockFile: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "plan-images-"));
    process.env["SLIPWAY_CACHE"] = join(folder, "cache");
    lockFile = join(folder, "images.dev.lock.json");
  });
  afterAll(async () => {
    if (cacheBefore === undefined) delete process.env["SLIPWAY_CACHE"];
    else process.env["SLIPWAY_CACHE"] = cacheBefore;
    await rm(folder, { recursive: true, force: true });
  });

  it("names the images that would be built, and the digests of those that were", async () => {
    const { lock, toBuild } = await planImages(progress, { only: ["runtime"], lockFile });
    expect(toBuild).toEqual(["runtime"]);
    expect(parseImagesLock(JSON.stringify(lock), lockFile).images.runtime?.source).toBe("to be built");

    const recipe = await runtimeImage(progress, ROOT);
    const store = imageStore(join(folder, "cache", "images"));
    const exported = join(folder, "exported");
    await mkdir(exported);
    const config = { digest: `sha256:${"c".repeat(64)}`, size: 1 };
    await writeFile(join(exported, "c".repeat(64)), "c");
    await writeFile(join(exported, "manifest.json"), JSON.stringify({ config, layers: [] }));
    const key = await imageKey(recipe, () => resolvePackages(IMAGE_PACKAGES));
    const { digest } = await store.add("runtime", key, exported, "node");

    const built = await planImages(progress, { only: ["runtime"], lockFile });
    expect(built.toBuild).toEqual([]);
    expect(built.lock.images.runtime).toMatchObject({ digest, sizeBytes: 1 });
    expect(built.lock.images.runtime?.source).toMatch(/^commit (unknown|[0-9a-f]{40}(-dirty)?), node$/);
  });

  it("gives the same image at another commit: the commit is no input", async () => {
    const recipe = await runtimeImage(progress, ROOT);
    const versions = (): ReturnType<typeof resolvePackages> => resolvePackages(IMAGE_PACKAGES);
    const key = await imageKey(recipe, versions);
    expect(await imageKey({ ...recipe, commit: "another" }, versions)).toBe(key);
    expect(recipe.args).toEqual({ REVISION: recipe.inputs["context"] });
    expect(JSON.stringify([recipe.inputs, recipe.args])).not.toContain(recipe.commit);
    expect(await imageKey({ ...recipe, inputs: { context: "other sources" } }, versions)).not.toBe(key);
  });
});
