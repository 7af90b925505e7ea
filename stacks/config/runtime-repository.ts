import type { ImagesLock } from "../../components/platform/registry/images-lock.ts";

/** Repository of the runtime image in the stack's registry. A lock that is still empty has none. */
export function runtimeRepository({ images }: ImagesLock): string {
  return images.runtime?.repository ?? "slipway/runtime";
}
