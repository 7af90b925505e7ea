import type { Environment } from "../environment.ts";
import type { ImageName } from "./images-lock.ts";
import type { RegistryAccess } from "../kubernetes/runtime-container.ts";

/** A registry, of a cloud or of a team. It stores both images and artifacts. */
export interface Registry {
  /** Returns the reference of an image by digest, for a pod. Throws if the image is not in the lock file. */
  image(name: ImageName): string;
  /** Returns what a pod of an environment needs to reach the registry. @param access - `write` may push artifacts too; default `read` */
  accessFrom(environment: Environment, access?: "read" | "write"): RegistryAccess;
}
