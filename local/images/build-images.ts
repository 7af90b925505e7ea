import { dirname, join } from "node:path";
import { PLATFORM_IMAGES } from "../../components/platform/registry/images-lock.ts";
import type { ImageName, ImagesLock } from "../../components/platform/registry/images-lock.ts";
import { cache } from "../home.ts";
import type { Progress } from "../progress.ts";
import { debianImage } from "./debian-images.ts";
import { corednsImage, pauseImage } from "./go-images.ts";
import { imageBuilder } from "./image-builder.ts";
import type { ImageBuilder } from "./image-builder.ts";
import type { ImageRecipe } from "./image-recipe.ts";
import { imageStore, sizeBytes } from "./image-store.ts";
import { loadImagesLock, writeImagesLock } from "./images-lock-file.ts";
import { connectImageRegistry, pushImage } from "./push-image.ts";
import type { ImageRegistry } from "./push-image.ts";
import { runtimeImage } from "./runtime-image.ts";

const ROOT = dirname(dirname(import.meta.dirname));

export interface BuildImagesOptions {
  registry: ImageRegistry;
  /** Which images; the lock keeps what it says of the others. @default - all of them */
  only?: readonly ImageName[];
  /** @default - `images.dev.lock.json` at the root of the checkout */
  lockFile?: string;
}

/**
 * Brings the images that the dev stack runs into the registry: builds those whose inputs have changed, pushes those that
 * the registry lacks, and records their digests. With nothing to do it builds, pushes and writes nothing.
 */
export async function buildImages(progress: Progress, options: BuildImagesOptions): Promise<ImagesLock> {
  const { registry, only = PLATFORM_IMAGES, lockFile = join(ROOT, "images.dev.lock.json") } = options;
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error(
      `images: must be built on linux-x64, this is ${process.platform}-${process.arch}; use a registry that has them`,
    );
  return progress.step("Container images", async (step) => {
    const store = imageStore(cache("images"));
    const client = await connectImageRegistry(registry);
    const builder = await imageBuilder(progress, store);
    let changed = false;
    try {
      const recipes = await Promise.all(only.map((name) => recipeOf(name, progress, builder)));
      const lock = await loadImagesLock(lockFile);
      for (const recipe of recipes) {
        const { image, key } = await builder.build(recipe);
        const repository = `slipway/${recipe.name}`;
        if (await pushImage(client, repository, image, store, key)) {
          progress.note(`pushed ${repository}@${image.digest} (${mib(sizeBytes(image))} MiB)`);
          changed = true;
        }
        const { digest, source } = image;
        lock.images[recipe.name] = { repository, digest, sizeBytes: sizeBytes(image), source };
      }
      if (await writeImagesLock(lockFile, lock)) changed = true;
      if (!changed) step.cached(`all ${only.length} are in the registry`);
      return lock;
    } finally {
      await builder.close();
    }
  });
}

/** The runtime image alone: what a change of the runtime's sources needs. */
export function buildRuntimeImage(
  progress: Progress,
  options: Omit<BuildImagesOptions, "only">,
): Promise<ImagesLock> {
  return buildImages(progress, { ...options, only: ["runtime"] });
}

async function recipeOf(name: ImageName, progress: Progress, builder: ImageBuilder): Promise<ImageRecipe> {
  if (name === "runtime") return runtimeImage(progress, ROOT);
  if (name === "coredns") return corednsImage(progress);
  if (name === "pause") return pauseImage(progress);
  const found = debianImage(name, await builder.versions(), () => builder.pool());
  if (found === undefined) throw new Error(`images: must have a recipe for ${name}`);
  return found;
}

const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
