import { createHash } from "node:crypto";
import { join } from "node:path";
import type { ImageName, ImagesLock } from "../../components/platform/registry/images-lock.ts";
import { cache } from "../home.ts";
import type { Progress } from "../progress.ts";
import { IMAGE_PACKAGES } from "./debian-images.ts";
import { resolvePackages } from "./debian-packages.ts";
import { imageKey } from "./image-keys.ts";
import { checkBuildMachine, imageRecipe, ROOT } from "./image-recipes.ts";
import { imageStore } from "./image-store.ts";
import { loadImagesLock } from "./images-lock-file.ts";
import { imageRepository, lockedImage } from "./locked-image.ts";

/** Images of the stack's pods. The other images belong to the local cluster. */
export const STACK_IMAGES = ["runtime", "redis", "prometheus", "alertmanager", "pushgateway"] as const;

export interface ImagesPlan {
  /** The lock that `buildImages` would write. An image of `toBuild` has a placeholder digest, made from its content key. */
  lock: ImagesLock;
  /** Images that would be built: their inputs are new on this machine, so their digests are unknown. */
  toBuild: ImageName[];
}

export interface PlanImagesOptions {
  /** @default - the images that a stack's own pods run */
  only?: readonly ImageName[];
  /** @default - `images.dev.lock.json` at the root of the checkout */
  lockFile?: string;
}

/**
 * Plans `buildImages` from the content keys of the images, without building, pushing or writing one. Throws on a machine that
 * cannot build them.
 */
export async function planImages(progress: Progress, options: PlanImagesOptions = {}): Promise<ImagesPlan> {
  const { only = STACK_IMAGES, lockFile = join(ROOT, "images.dev.lock.json") } = options;
  checkBuildMachine();
  const store = imageStore(cache("images"));
  let resolved: ReturnType<typeof resolvePackages> | undefined;
  const versions = (): ReturnType<typeof resolvePackages> => (resolved ??= resolvePackages(IMAGE_PACKAGES));
  const pool = (): Promise<never> => Promise.reject(new Error("images: a plan must build nothing"));
  const lock = await loadImagesLock(lockFile);
  const toBuild: ImageName[] = [];
  for (const name of only) {
    const recipe = await imageRecipe(name, progress, { versions, pool });
    const key = await imageKey(recipe, versions);
    const image = await store.find(name, key);
    if (image !== undefined) lock.images[name] = lockedImage(recipe, image);
    else {
      toBuild.push(name);
      lock.images[name] = { repository: imageRepository(name), digest: digestOf(key), source: "to be built" };
    }
  }
  return { lock, toBuild };
}

const digestOf = (key: string): string => `sha256:${createHash("sha256").update(key).digest("hex")}`;
