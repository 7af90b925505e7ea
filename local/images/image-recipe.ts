import type { ImageName } from "../../components/platform/registry/images-lock.ts";

/** How to build one image. `inputs` must name everything that goes in: an equal content key means an equal image. */
export interface ImageRecipe {
  name: ImageName;
  dockerfile: string;
  /** Inputs beside the Dockerfile and the base, for the content key. */
  inputs: Readonly<Record<string, string>>;
  /** Whether it stands on the base image. */
  onBase: boolean;
  /** Build arguments beside BASE. @default - none */
  args?: Readonly<Record<string, string>>;
  /** Commit that the sources are of. Recorded beside the image, in the lock: no input of it. @default - none */
  commit?: string;
  /** Fills the build context, an empty folder. Returns what went in, with pins. */
  stage: (context: string) => Promise<string>;
}
