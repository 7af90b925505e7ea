import { join } from "node:path";
import { PLATFORM_IMAGES } from "../../components/platform/registry/images-lock.ts";
import type { ImageName, ImagesLock } from "../../components/platform/registry/images-lock.ts";
import { cache } from "../home.ts";
import type { Progress } from "../progress.ts";
import { imageBuilder } from "./image-builder.ts";
import { checkBuildMachine, imageRecipe, ROOT } from "./image-recipes.ts";
import { imageStore, sizeBytes } from "./image-store.ts";
import { loadImagesLock, writeImagesLock } from "./images-lock-file.ts";
import { lockedImage } from "./locked-image.ts";
import { connectImageRegistry, pushImage } from "./push-image.ts";
import type { ImageRegistry } from "./push-image.ts";

export interface BuildImagesOptions {
  registry: ImageRegistry;
  /** Images to build; the lock keeps its entries of the others. @default - all images */
  only?: readonly ImageName[];
  /** @default - `images.dev.lock.json` at the root of the checkout */
  lockFile?: string;
}

/**
 * Puts the images of the dev stack into the registry: builds those whose inputs have changed, pushes those that the registry
 * lacks, and writes their digests to the lock. If nothing changed, it builds, pushes and writes nothing.
 */
export async function buildImages(progress: Progress, options: BuildImagesOptions): Promise<ImagesLock> {
  const { registry, only = PLATFORM_IMAGES, lockFile = join(ROOT, "images.dev.lock.json") } = options;
  checkBuildMachine();
  return progress.step("Container images", async (step) => {
    const store = imageStore(cache("images"));
    const client = await connectImageRegistry(registry);
    const builder = await imageBuilder(progress, store);
    let changed = false;
    try {
      const recipes = await Promise.all(only.map((name) => imageRecipe(name, progress, builder)));
      const lock = await loadImagesLock(lockFile);
      for (const recipe of recipes) {
        const { image, key } = await builder.build(recipe);
        const locked = lockedImage(recipe, image);
        if (await pushImage(client, locked.repository, image, store, key)) {
          progress.note(`pushed ${locked.repository}@${image.digest} (${mib(sizeBytes(image))} MiB)`);
          changed = true;
        }
        lock.images[recipe.name] = locked;
      }
      if (await writeImagesLock(lockFile, lock)) changed = true;
      if (!changed) step.cached(`all ${only.length} are in the registry`);
      return lock;
    } finally {
      await builder.close();
    }
  });
}

const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
