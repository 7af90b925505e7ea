import type { ImageName, LockedImage } from "../../components/platform/registry/images-lock.ts";
import type { ImageRecipe } from "./image-recipe.ts";
import { sizeBytes } from "./image-store.ts";
import type { StoredImage } from "./image-store.ts";

/** Returns the repository of an image in the registry. */
export const imageRepository = (name: ImageName): string => `slipway/${name}`;

/** Returns the lock's entry of an image. The commit is in `source`, not in the digest, so that a new commit changes no pod. */
export function lockedImage({ name, commit }: ImageRecipe, image: StoredImage): LockedImage {
  const { digest, source } = image;
  return {
    repository: imageRepository(name),
    digest,
    sizeBytes: sizeBytes(image),
    source: commit === undefined ? source : `commit ${commit}, ${source}`,
  };
}
