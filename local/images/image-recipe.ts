import type { ImageName } from "../../components/platform/registry/images-lock.ts";

/** How to build one image. `inputs` must name everything that the image depends on: an equal content key means an equal image. */
export interface ImageRecipe<Name extends string = ImageName> {
  name: Name;
  dockerfile: string;
  /** Inputs of the content key besides the Dockerfile and the base image. */
  inputs: Readonly<Record<string, string>>;
  /** True if the image is built on the base image. */
  onBase: boolean;
  /** Build arguments besides BASE. @default - none */
  args?: Readonly<Record<string, string>>;
  /** Commit of the sources. It is written to the lock and is not an input of the image. @default - none */
  commit?: string;
  /** Fills the build context, an empty folder. Returns a text with the versions of its contents. */
  stage: (context: string) => Promise<string>;
}
