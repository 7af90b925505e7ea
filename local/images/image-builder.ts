import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { cache } from "../home.ts";
import type { Progress } from "../progress.ts";
import { BASE_PACKAGES, baseRoot } from "./base-root.ts";
import { buildah } from "./buildah.ts";
import { contentKey, inputFile } from "./content-key.ts";
import { unpackPackages } from "./debian-packages.ts";
import type { PackageVersions } from "./debian-packages.ts";
import { IMAGE_PACKAGES } from "./debian-images.ts";
import type { ImageRecipe } from "./image-recipe.ts";
import type { ImageStore, StoredImage } from "./image-store.ts";
import type { PackagePool } from "./package-root.ts";
import { SOURCE_DATE_EPOCH } from "./pins.ts";

const BASE_DOCKERFILE = join(import.meta.dirname, "base/Dockerfile");
/** Raised when the way images are put together changes, so that none is taken from the cache. */
const RECIPE_VERSION = "3";

export interface ImageBuilder {
  /** Debian's packages, unpacked on first use. */
  pool(): Promise<PackagePool>;
  /** The image of a recipe: from the store where its key is known, else built. */
  build(recipe: ImageRecipe): Promise<{ image: StoredImage; key: string }>;
  /** Removes what was only needed while building. */
  close(): Promise<void>;
}

export async function imageBuilder(
  progress: Progress,
  store: ImageStore,
  versions: PackageVersions,
): Promise<ImageBuilder> {
  await mkdir(cache("images"), { recursive: true });
  const work = await mkdtemp(cache("images", ".work-"));
  const baseKey = await keyOf(BASE_DOCKERFILE, {
    packages: JSON.stringify(BASE_PACKAGES.map((name) => `${name}=${versions[name]}`)),
  });
  const baseTag = `localhost/slipway/base:${baseKey}`;

  const pool = once(async (): Promise<PackagePool> => {
    return progress.step("Unpack Debian packages for the images", async () => {
      const folder = join(work, "pool");
      await mkdir(folder);
      return { folder, owners: await unpackPackages(IMAGE_PACKAGES, folder), versions };
    });
  });
  const tool = once(() => buildah(progress));
  const context = async (name: string): Promise<string> => mkdtemp(join(work, `${name}-`));

  const base = once(async (): Promise<string> => {
    if (await (await tool()).has(baseTag)) return baseTag;
    return progress.step("Build image base", async () => {
      const folder = await context("base");
      await baseRoot(await pool(), join(folder, "root"));
      await (await tool()).build({ dockerfile: BASE_DOCKERFILE, context: folder, tag: baseTag, args: {} });
      return baseTag;
    });
  });

  return {
    pool,
    async build(recipe) {
      const { name, dockerfile, inputs, onBase, args = {} } = recipe;
      const key = await keyOf(dockerfile, {
        ...inputs,
        args: JSON.stringify(args),
        base: onBase ? baseKey : "scratch",
      });
      return progress.step(`Image ${name}`, async (step) => {
        const known = await store.find(name, key);
        if (known !== undefined) {
          step.cached();
          return { image: known, key };
        }
        const folder = await context(name);
        const source = await recipe.stage(folder);
        const tag = `localhost/slipway/${name}:${key}`;
        const buildArgs = onBase ? { ...args, BASE: await base() } : args;
        const builder = await tool();
        await builder.build({ dockerfile, context: folder, tag, args: buildArgs });
        await rm(folder, { recursive: true });
        await builder.export(tag, join(work, `${name}-image`));
        return { image: await store.add(name, key, join(work, `${name}-image`), source), key };
      });
    },
    close: () => rm(work, { recursive: true, force: true }),
  };
}

async function keyOf(dockerfile: string, inputs: Readonly<Record<string, string>>): Promise<string> {
  const text = await inputFile(dockerfile);
  return contentKey({ ...inputs, dockerfile: text, time: String(SOURCE_DATE_EPOCH), recipe: RECIPE_VERSION });
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
