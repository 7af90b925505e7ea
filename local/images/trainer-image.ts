import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { TRAINER_FOLDERS } from "../../runtime/contract/trainer-container.ts";
import { cache } from "../home.ts";
import type { Progress } from "../progress.ts";
import { BASE_PACKAGES, copyFilesOf } from "./base-root.ts";
import { IMAGE_PACKAGES } from "./debian-images.ts";
import { resolvePackages, unpackPackages } from "./debian-packages.ts";
import { fixModes } from "./fix-modes.ts";
import { imageBuilder } from "./image-builder.ts";
import { imageKey } from "./image-keys.ts";
import type { ImageRecipe } from "./image-recipe.ts";
import { checkBuildMachine } from "./image-recipes.ts";
import { imageStore, type ImageStore, type StoredImage } from "./image-store.ts";
import { recordPackage } from "./package-root.ts";
import { PYTHON_VERSION, trainerPackages } from "./trainer-packages.ts";

const DOCKERFILE = join(import.meta.dirname, "trainer/Dockerfile");
/** Debian's Python, with the standard library. Some wheels load the libraries of the base image. */
const PYTHON_PACKAGES = ["python3"];

/** Returns the content key of the image of a lock, without building it. Equal keys mean equal images. */
export async function trainerImageKey(progress: Progress, lock: string): Promise<string> {
  checkBuildMachine();
  return imageKey(await recipe(progress, lock), () => resolvePackages(IMAGE_PACKAGES));
}

/** Returns the image of a lock from the store of this machine, or builds it. The same lock gives the same image. */
export async function trainerImage(
  progress: Progress,
  lock: string,
): Promise<{ image: StoredImage; store: ImageStore }> {
  checkBuildMachine();
  const store = imageStore(cache("images"));
  const builder = await imageBuilder(progress, store);
  try {
    const { image } = await builder.build(await recipe(progress, lock));
    return { image, store };
  } finally {
    await builder.close();
  }
}

async function recipe(progress: Progress, lock: string): Promise<ImageRecipe<"trainer">> {
  const versions = await resolvePackages(PYTHON_PACKAGES);
  const own = Object.keys(versions).filter((name) => !BASE_PACKAGES.includes(name));
  return {
    name: "trainer",
    dockerfile: DOCKERFILE,
    inputs: { python: own.map((name) => `${name}=${versions[name]}`).join(" "), lock },
    onBase: true,
    async stage(context) {
      const folder = join(context, "pool");
      await mkdir(folder);
      const owners = await unpackPackages(PYTHON_PACKAGES, folder);
      const root = join(context, "python");
      for (const mount of Object.values(TRAINER_FOLDERS)) await mkdir(join(root, mount), { recursive: true });
      const pool = { folder, owners, versions };
      const used = [...new Set(owners.values())].filter((name) => own.includes(name)).sort();
      await copyFilesOf(used, pool, root);
      for (const name of used) await recordPackage(pool, name, root);
      await cp(await trainerPackages(progress, lock), join(context, "packages"), { recursive: true });
      for (const part of ["python", "packages"]) await fixModes(join(context, part));
      return `python ${PYTHON_VERSION} with ${(lock.match(/^[A-Za-z0-9].*==/gm) ?? []).length} packages`;
    },
  };
}
