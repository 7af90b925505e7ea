import { access } from "node:fs/promises";
import { join } from "node:path";
import type { ImageName } from "../../components/platform/registry/images-lock.ts";
import { UPSTREAM_PATTERN } from "../../components/platform/registry/upstream.ts";
import { loadImageSources } from "./image-sources.ts";
import { UserError } from "./user-error.ts";

/** File that names the public image of each image, in the folder of the checkout. */
export const SOURCES_FILE = "images.sources.json";

/**
 * Image → what the lock will have as its `upstream`: `HOST/REPOSITORY:TAG`, or undefined for a source that no registry can pull through. An
 * image without a source is absent.
 */
export type ImageUpstreams = ReadonlyMap<ImageName, string | undefined>;

/** Reads the upstream of each image from `images.sources.json`. Without the file no image has one. Throws a UserError if the file is not valid. */
export async function imageUpstreams(root: string): Promise<ImageUpstreams> {
  const path = join(root, SOURCES_FILE);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (!isThere) return new Map();
  const { images } = await loadImageSources(path).catch((error: unknown) => {
    throw new UserError(error instanceof Error ? error.message : String(error), { cause: error });
  });
  return new Map(
    Object.entries(images).map(([name, { reference }]) => [name as ImageName, upstreamOf(reference)]),
  );
}

/** Returns `HOST/REPOSITORY:TAG` of a reference, without its digest; undefined if it has another form. */
export function upstreamOf(reference: string): string | undefined {
  const [tagged = ""] = reference.split("@");
  return UPSTREAM_PATTERN.test(tagged) ? tagged : undefined;
}
