import type { ImageName } from "../../components/platform/registry/images-lock.ts";

/** How one image is made. The key must name everything that goes in, so that an equal key means an equal image. */
export interface ImageRecipe {
  name: ImageName;
  dockerfile: string;
  /** Inputs beside the Dockerfile and the base, for the content key. */
  inputs: Readonly<Record<string, string>>;
  /** Whether it stands on the base image. */
  onBase: boolean;
  /** Build arguments beside BASE. @default - none */
  args?: Readonly<Record<string, string>>;
  /** Fills the build context, an empty folder. Returns what went in, with pins. */
  stage: (context: string) => Promise<string>;
}
