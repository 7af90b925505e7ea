import { dirname, join } from "node:path";
import { IMAGE_NAMES } from "../../components/internal/images-lock.ts";
import type { ImageName, ImagesLock, LockedImage } from "../../components/internal/images-lock.ts";
import { cache } from "../home.ts";
import type { Progress } from "../progress.ts";
import { resolvePackages } from "./debian-packages.ts";
import { IMAGE_PACKAGES, debianImages } from "./debian-images.ts";
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
  const { registry, only = IMAGE_NAMES, lockFile = join(ROOT, "images.dev.lock.json") } = options;
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error(
      `images: must be built on linux-x64, this is ${process.platform}-${process.arch}; use a registry that has them`,
    );
  return progress.step("Container images", async (step) => {
    const store = imageStore(cache("images"));
    const client = await connectImageRegistry(registry);
    const versions = await resolvePackages(IMAGE_PACKAGES);
    const builder = await imageBuilder(progress, store, versions);
    let changed = 0;
    try {
      const lock = await loadImagesLock(lockFile);
      for (const name of only) {
        const before = lock.images[name]?.digest;
        const { image, key } = await builder.build(await recipe(name, progress, builder, versions));
        const repository = `slipway/${name}`;
        if (await pushImage(client, repository, image, store, key)) {
          progress.note(`pushed ${repository}@${image.digest} (${mib(sizeBytes(image))} MiB)`);
          changed++;
        } else if (before !== image.digest) changed++;
        const { digest, source } = image;
        const locked: LockedImage = { repository, digest, sizeBytes: sizeBytes(image), source };
        lock.images[name] = locked;
        await writeImagesLock(lockFile, lock);
      }
      if (changed === 0) step.cached(`${only.length} images are in the registry`);
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

async function recipe(
  name: ImageName,
  progress: Progress,
  builder: ImageBuilder,
  versions: Readonly<Record<string, string>>,
): Promise<ImageRecipe> {
  if (name === "runtime") return runtimeImage(progress, ROOT);
  if (name === "coredns") return corednsImage(progress);
  if (name === "pause") return pauseImage(progress);
  const found = debianImages(versions, () => builder.pool()).find((image) => image.name === name);
  if (found === undefined) throw new Error(`images: no recipe for ${name}`);
  return found;
}

const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
