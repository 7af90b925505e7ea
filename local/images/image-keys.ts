import { join } from "node:path";
import { BASE_PACKAGES } from "./base-root.ts";
import { contentKey, inputFile } from "./content-key.ts";
import type { PackageVersions } from "./debian-packages.ts";
import type { ImageRecipe } from "./image-recipe.ts";
import { SOURCE_DATE_EPOCH } from "./pins.ts";

export const BASE_DOCKERFILE = join(import.meta.dirname, "base/Dockerfile");
/** Part of every key. Raise it when the build of the images changes, so that no image comes from the cache. */
const RECIPE_VERSION = "5";

/** Returns the key of the base image. Equal keys mean equal images. */
export async function baseImageKey(versions: PackageVersions): Promise<string> {
  const packages = BASE_PACKAGES.map((name) => `${name}=${versions[name]}`).join(" ");
  return keyOf(BASE_DOCKERFILE, { packages });
}

/** Returns the key of a recipe's image without building anything. Equal keys mean equal images. */
export async function imageKey(
  recipe: ImageRecipe<string>,
  versions: () => Promise<PackageVersions>,
): Promise<string> {
  const { dockerfile, inputs, onBase, args } = recipe;
  const base = onBase ? await baseImageKey(await versions()) : "scratch";
  return keyOf(dockerfile, { ...inputs, args: JSON.stringify(args), base });
}

async function keyOf(dockerfile: string, inputs: Readonly<Record<string, string>>): Promise<string> {
  const text = await inputFile(dockerfile);
  return contentKey({ ...inputs, dockerfile: text, time: String(SOURCE_DATE_EPOCH), recipe: RECIPE_VERSION });
}
