import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { cache } from "../home.ts";
import type { Progress } from "../progress.ts";
import { baseRoot } from "./base-root.ts";
import { buildah } from "./buildah.ts";
import { resolvePackages, unpackPackages } from "./debian-packages.ts";
import type { PackageVersions } from "./debian-packages.ts";
import { IMAGE_PACKAGES } from "./debian-images.ts";
import { BASE_DOCKERFILE, baseImageKey, imageKey } from "./image-keys.ts";
import type { ImageRecipe } from "./image-recipe.ts";
import type { ImageStore, StoredImage } from "./image-store.ts";
import type { PackagePool } from "./package-root.ts";

/** A working folder that is older than this belongs to a killed run. */
const STALE_MS = 6 * 3_600_000;

export interface ImageBuilder {
  /** Versions of the Debian packages, resolved on first use. */
  versions(): Promise<PackageVersions>;
  /** Debian packages, unpacked on first use. */
  pool(): Promise<PackagePool>;
  /** Returns the image of a recipe from the store, or builds it if its key is not there. */
  build(recipe: ImageRecipe<string>): Promise<{ image: StoredImage; key: string }>;
  /** Removes the working files. */
  close(): Promise<void>;
}

export async function imageBuilder(progress: Progress, store: ImageStore): Promise<ImageBuilder> {
  await mkdir(cache("images"), { recursive: true });
  await removeStale(cache("images"));
  const work = await mkdtemp(cache("images", ".work-"));
  const context = async (name: string): Promise<string> => mkdtemp(join(work, `${name}-`));
  const tool = once(() => buildah(progress));
  const versions = once(() => resolvePackages(IMAGE_PACKAGES));

  const pool = once(() =>
    progress.step("Unpack Debian packages for the images", async (): Promise<PackagePool> => {
      const folder = join(work, "pool");
      await mkdir(folder);
      return { folder, owners: await unpackPackages(IMAGE_PACKAGES, folder), versions: await versions() };
    }),
  );

  const base = once(async (): Promise<string> => {
    const tag = `localhost/slipway/base:${await baseImageKey(await versions())}`;
    if (await (await tool()).has(tag)) return tag;
    return progress.step("Build image base", async () => {
      const folder = await context("base");
      await baseRoot(await pool(), join(folder, "root"));
      await (await tool()).build({ dockerfile: BASE_DOCKERFILE, context: folder, tag, args: {} });
      return tag;
    });
  });

  const build = async (
    { name, dockerfile, onBase, args = {}, stage }: ImageRecipe<string>,
    key: string,
  ): Promise<StoredImage> => {
    const folder = await context(name);
    const source = await stage(folder);
    const image = `localhost/slipway/${name}`;
    const buildArgs = onBase ? { ...args, BASE: await base() } : args;
    const builder = await tool();
    await builder.build({ dockerfile, context: folder, tag: `${image}:${key}`, args: buildArgs });
    await rm(folder, { recursive: true });
    const exported = join(work, `${name}-image`);
    await builder.export(`${image}:${key}`, exported);
    await builder.removeOthers(image, key);
    return store.add(name, key, exported, source);
  };

  return {
    versions,
    pool,
    async build(recipe) {
      const { name } = recipe;
      const key = await imageKey(recipe, versions);
      return progress.step(`Image ${name}`, async (step) => {
        const known = await store.find(name, key);
        if (known === undefined) return { image: await build(recipe, key), key };
        step.cached();
        return { image: known, key };
      });
    },
    close: () => rm(work, { recursive: true, force: true }),
  };
}

/** Removes working folders that killed runs have left. */
async function removeStale(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(".work-")) continue;
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > STALE_MS)
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
