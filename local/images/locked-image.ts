import type { ImageName, LockedImage } from "../../components/platform/registry/images-lock.ts";
import type { ImageRecipe } from "./image-recipe.ts";
import { sizeBytes } from "./image-store.ts";
import type { StoredImage } from "./image-store.ts";

/** Repository of an image in the environment's registry. */
export const imageRepository = (name: ImageName): string => `slipway/${name}`;

/** What the lock says of an image. The commit stands in `source`, beside the digest: another commit changes no pod. */
export function lockedImage({ name, commit }: ImageRecipe, image: StoredImage): LockedImage {
  const { digest, source } = image;
  return {
    repository: imageRepository(name),
    digest,
    sizeBytes: sizeBytes(image),
    source: commit === undefined ? source : `commit ${commit}, ${source}`,
  };
}
