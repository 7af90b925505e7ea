import type { ImageName, ImagesLock } from "../../components/platform/registry/images-lock.ts";
import { loadImagesLock, writeImagesLock } from "../../local/images/images-lock-file.ts";
import type { Progress } from "../../local/progress.ts";
import { inParallel } from "../../runtime/artifacts/in-parallel.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { platformDigest, platformsOf } from "./image-platform.ts";
import { parseImageReference, type UpstreamImage } from "../../stacks/config/image-reference.ts";
import { loadImageSources, writeImageSources, type ImageSources } from "../../stacks/config/image-sources.ts";
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
  /** Returns base URL → reason for the registries that do not answer. Their images are not asked for. @default - each registry is asked */
  unreachable?: (urls: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

/** An image for which something failed, with the reason. */
export interface ImageFailure {
  name: ImageName;
  reason: string;
  /** Whether no registry answered. @default false */
  isUnreachable?: boolean;
}

export interface LockedImages {
  lock: ImagesLock;
  /** Images whose registry did not say the digest. Their sources are as they were. */
  failures: ImageFailure[];
}

/** Images that are asked for at the same time. Public registries limit the requests of a caller. */
const AT_ONCE = 4;

/** An image whose registry is to be asked for a digest or a tag. */
interface Lookup {
  name: ImageName;
  source: NonNullable<ImageSources["images"][ImageName]>;
  image: UpstreamImage;
  /** The digest or the tag. */
  asked: string;
  isFixed: boolean;
}

/**
 * Asks the upstream registries for the digest and the platforms of every source that has no digest, and writes them to the sources and
 * the lock. A registry that does not answer does not stop the others.
 */
export async function lockImages(progress: Progress, options: LockOptions): Promise<LockedImages> {
  const {
    sourcesFile,
    lockFile,
    connect,
    unreachable = () => Promise.resolve(new Map<string, string>()),
  } = options;
  const sources = await loadImageSources(sourcesFile);
  const pinned: ImageSources = { ...sources, images: { ...sources.images } };
  const failures: ImageFailure[] = [];
  const lookups = lookupsOf(sources, options);
  if (lookups.length > 0)
    await progress.step(
      `Ask the registries for ${lookups.length === 1 ? "a digest" : `${lookups.length} digests`}`,
      async (step) => {
        const silent = await unreachable(lookups.map(({ image }) => image.url));
        await inParallel(lookups, AT_ONCE, async ({ name, source, image, asked, isFixed }) => {
          const reason = silent.get(image.url);
          if (reason !== undefined) return void failures.push({ name, reason, isUnreachable: true });
          try {
            const manifest = await (await connect(image)).getManifest(image.repository, asked);
            if (manifest === undefined)
              throw new Error(`${source.reference}: there is no such ${isFixed ? "digest" : "tag"}`);
            platformDigest(manifest, source.reference); // refuses an index without our platform
            step.update(`${source.reference}: ${manifest.digest}`);
            const platforms = platformsOf(manifest, source.reference);
            pinned.images[name] = { ...source, ...(isFixed ? {} : { digest: manifest.digest }), platforms };
          } catch (error) {
            failures.push({ name, reason: reasonOf(error) });
          }
        });
        if (failures.length === lookups.length) step.skipped("no image could be asked for");
      },
    );
  const lock = lockFromSources(pinned, await loadImagesLock(lockFile));
  if (JSON.stringify(pinned) !== JSON.stringify(sources)) await writeImageSources(sourcesFile, pinned);
  const changed = await writeImagesLock(lockFile, lock);
  progress.note(
    `${lockFile}: ${changed ? "written" : "unchanged"}, ${Object.keys(lock.images).length} images`,
  );
  const order = Object.keys(sources.images);
  return { lock, failures: failures.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name)) };
}

/** Returns the images whose digest or platforms are not known yet, or are to be asked for again. */
function lookupsOf(
  { images }: ImageSources,
  { follow = false, platforms = false }: Pick<LockOptions, "follow" | "platforms">,
): Lookup[] {
  return (Object.keys(images) as ImageName[]).flatMap((name) => {
    const source = images[name]!;
    const image = parseImageReference(source.reference);
    const isFixed = pinnedDigest(source) !== undefined && !(follow && image.tag !== undefined);
    const isSettled = isFixed && !(platforms && source.platforms === undefined);
    const asked = isFixed ? pinnedDigest(source) : image.tag;
    return isSettled || asked === undefined ? [] : [{ name, source, image, asked, isFixed }];
  });
}

/** Returns the message of an error with that of its cause: `fetch failed` alone helps nobody. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return `${error.message}${error.message.includes(cause) ? "" : cause}`;
}
