import type { Environment } from "../environment.ts";
import type { ImageName } from "./images-lock.ts";
import type { RegistryAccess } from "../kubernetes/runtime-container.ts";

/** A registry of an environment, whoever runs it: it holds images and artifacts alike. */
export interface Registry {
  /** Reference of an image by digest, as a pod names it. Throws if the lock file lacks it. */
  image(name: ImageName): string;
  /** What a pod in an environment needs to reach the registry. @param access - `write` pushes artifacts too; default `read` */
  accessFrom(environment: Environment, access?: "read" | "write"): RegistryAccess;
}
