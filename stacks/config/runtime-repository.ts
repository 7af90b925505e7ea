import type { ImagesLock } from "../../components/platform/registry/images-lock.ts";

/** Returns the repository of the runtime image in the stack's registry; the usual one if the lock file does not have the image yet. */
export function runtimeRepository({ images }: ImagesLock): string {
  return images.runtime?.repository ?? "slipway/runtime";
}
