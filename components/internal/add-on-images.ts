import type { ADD_ON_IMAGES, ImageName } from "./images-lock.ts";

/** Images of add-ons that only clusters of clouds run; a lock file names them beside the platform's. */
export type AddOnImage = (typeof ADD_ON_IMAGES)[number];

/** Reference of an add-on's image by digest. Throws if the lock file lacks it. */
export function addOnImage(registry: { image(name: ImageName): string }, name: AddOnImage): string {
  return registry.image(name);
}
