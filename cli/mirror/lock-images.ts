import type { ImageName, ImagesLock } from "../../components/platform/registry/images-lock.ts";
import { loadImagesLock, writeImagesLock } from "../../local/images/images-lock-file.ts";
import type { Progress } from "../../local/progress.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { platformDigest, platformsOf } from "./image-platform.ts";
import { parseImageReference, type UpstreamImage } from "./image-reference.ts";
import { loadImageSources, writeImageSources, type ImageSources } from "./image-sources.ts";
import { lockFromSources, pinnedDigest } from "./lock-from-sources.ts";

export interface LockOptions {
  /** Path of `images.sources.json`. */
  sourcesFile: string;
  /** Path of `images.<stack>.lock.json`. */
  lockFile: string;
  /** Ask also for tags whose digest is pinned, and pin what they point at now. @default false */
  follow?: boolean;
  /** Ask also for the platforms of pinned images whose platforms are not recorded. @default false */
  platforms?: boolean;
  /** Opens a client of an upstream registry, with credentials if there are any. */
  connect: (image: UpstreamImage) => Promise<RegistryClient>;
}

/** An image for which something failed, with the reason. */
export interface ImageFailure {
  name: ImageName;
  reason: string;
}

export interface LockedImages {
  lock: ImagesLock;
  /** Images whose registry did not say the digest. Their sources are as they were. */
  failures: ImageFailure[];
}

/**
 * Asks the upstream registries for the digest and the platforms of every source that has no digest, and writes them to the sources and
 * the lock. A registry that does not answer does not stop the others.
 */
export async function lockImages(progress: Progress, options: LockOptions): Promise<LockedImages> {
  const { sourcesFile, lockFile, follow = false, platforms = false } = options;
  const sources = await loadImageSources(sourcesFile);
  const pinned: ImageSources = { ...sources, images: { ...sources.images } };
  const failures: ImageFailure[] = [];
  for (const name of Object.keys(sources.images) as ImageName[]) {
    const source = sources.images[name]!;
    const image = parseImageReference(source.reference);
    const isFixed = pinnedDigest(source) !== undefined && !(follow && image.tag !== undefined);
    const isSettled = isFixed && !(platforms && source.platforms === undefined);
    const asked = isFixed ? pinnedDigest(source) : image.tag;
    if (isSettled || asked === undefined) continue;
    try {
      await progress.step(`Ask for the digest of ${source.reference}`, async (step) => {
        const manifest = await (await options.connect(image)).getManifest(image.repository, asked);
        if (manifest === undefined)
          throw new Error(`${source.reference}: there is no such ${isFixed ? "digest" : "tag"}`);
        platformDigest(manifest, source.reference); // refuses an index without our platform
        step.update(manifest.digest);
        pinned.images[name] = {
          ...source,
          ...(isFixed ? {} : { digest: manifest.digest }),
          platforms: platformsOf(manifest, source.reference),
        };
      });
    } catch (error) {
      failures.push({ name, reason: reasonOf(error) });
    }
  }
  const lock = lockFromSources(pinned, await loadImagesLock(lockFile));
  if (JSON.stringify(pinned) !== JSON.stringify(sources)) await writeImageSources(sourcesFile, pinned);
  const changed = await writeImagesLock(lockFile, lock);
  progress.note(
    `${lockFile}: ${changed ? "written" : "unchanged"}, ${Object.keys(lock.images).length} images`,
  );
  return { lock, failures };
}

/** Returns the message of an error with that of its cause: `fetch failed` alone helps nobody. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return `${error.message}${error.message.includes(cause) ? "" : cause}`;
}
