import type { ImagesLock } from "../../components/platform/registry/images-lock.ts";

/** Returns the repository of the runtime image in the stack's registry, also for a lock that is still empty. */
export function runtimeRepository({ images }: ImagesLock): string {
  return images.runtime?.repository ?? "slipway/runtime";
}
