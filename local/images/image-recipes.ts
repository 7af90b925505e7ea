import { dirname } from "node:path";
import type { ImageName } from "../../components/platform/registry/images-lock.ts";
import type { Progress } from "../progress.ts";
import { corednsImage } from "./coredns-image.ts";
import { debianImage } from "./debian-images.ts";
import type { PackageVersions } from "./debian-packages.ts";
import type { ImageRecipe } from "./image-recipe.ts";
import type { PackagePool } from "./package-root.ts";
import { runtimeImage } from "./runtime-image.ts";

/** Root of the checkout. */
export const ROOT = dirname(dirname(import.meta.dirname));

/** The Debian packages that recipes need. */
export interface DebianPackages {
  versions(): Promise<PackageVersions>;
  /** Unpacks the packages; called only when an image is built. */
  pool(): Promise<PackagePool>;
}

/** Returns the recipe of one of the platform's images. For `coredns` it first downloads or builds the program. */
export async function imageRecipe(
  name: ImageName,
  progress: Progress,
  debian: DebianPackages,
): Promise<ImageRecipe> {
  if (name === "runtime") return runtimeImage(progress, ROOT);
  if (name === "coredns") return corednsImage(progress);
  const found = debianImage(name, await debian.versions(), () => debian.pool());
  if (found === undefined) throw new Error(`images: must have a recipe for ${name}`);
  return found;
}

/** Throws unless this machine has the platform of the nodes, for which images are built. */
export function checkBuildMachine(): void {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error(
      `images: must be built on linux-x64, this is ${process.platform}-${process.arch}; use a registry that has them`,
    );
}
