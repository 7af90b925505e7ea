import { dirname, join } from "node:path";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import type { ImageName, ImagesLock, LockedImage } from "../../components/platform/registry/images-lock.ts";
import { loadImagesLock, writeImagesLock } from "../../local/images/images-lock-file.ts";
import type { Progress } from "../../local/progress.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { copyImage, shortDigest } from "./copy-image.ts";
import { parseImageReference, type UpstreamImage } from "./image-reference.ts";
import { loadImageSources, writeImageSources, type ImageSources } from "./image-sources.ts";

export interface MirrorOptions {
  /** The stack's registry. */
  target: RegistryClient;
  /** Path of `images.sources.json`. */
  sourcesFile: string;
  /** Path of `images.<stack>.lock.json`. */
  lockFile: string;
  /**
   * Images that the program builds itself: they are not copied and not looked up. Their entries in the lock stay.
   * @default none
   */
  built?: readonly ImageName[];
  /** Opens a client of an upstream registry, with credentials if there are any. */
  connect: (image: UpstreamImage) => Promise<RegistryClient>;
}

/**
 * Copies every image of the sources into the stack's registry, and writes the lock when all are there. A tag without a digest is
 * resolved, and its digest is written to the sources: later runs copy that digest, even if the tag has moved.
 */
export async function mirrorImages(progress: Progress, options: MirrorOptions): Promise<ImagesLock> {
  const { target, sourcesFile, lockFile, built = [] } = options;
  const sources = await loadImageSources(sourcesFile);
  const names = (Object.keys(sources.images) as ImageName[]).filter((name) => !built.includes(name));
  const images: ImagesLock["images"] = await keptImages(options, names);
  const pinned: ImageSources = { ...sources, images: { ...sources.images } };
  for (const name of names) {
    const source = sources.images[name]!;
    images[name] = await progress.step(`Mirror ${name} from ${source.reference}`, async (step) => {
      const upstream = parseImageReference(source.reference);
      const repository = `slipway/${name}`;
      const scratch = await mkdtemp(join(tmpdir(), "mirror-"));
      try {
        const copy = await copyImage({
          from: {
            registry: await options.connect(upstream),
            repository: upstream.repository,
            reference: source.digest ?? upstream.digest ?? upstream.tag ?? "",
          },
          // Some registries delete images without a tag. The digest is in it, because tags of others cannot move.
          to: {
            registry: target,
            repository,
            tag: (digest) => `${upstream.tag ?? "mirror"}-${shortDigest(digest)}`,
          },
          scratch,
          update: (message) => step.update(message),
        });
        if (copy.copied === 0) step.cached("it is there");
        pinned.images[name] = { ...source, digest: copy.upstreamDigest };
        const { reference } = source;
        return {
          repository,
          digest: copy.digest,
          sizeBytes: copy.sizeBytes,
          source: `${reference.split("@")[0]}@${copy.upstreamDigest} linux/amd64`,
        } satisfies LockedImage;
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    });
  }
  const lock: ImagesLock = { schemaVersion: 1, images };
  if (JSON.stringify(pinned) !== JSON.stringify(sources)) await writeImageSources(sourcesFile, pinned);
  const changed = await writeImagesLock(lockFile, lock);
  progress.note(`${lockFile}: ${changed ? "written" : "unchanged"}, ${Object.keys(images).length} images`);
  return lock;
}

/** Returns the images of the lock that no source names, such as our own runtime image. Throws where the registry lacks one and the program does not build it. */
async function keptImages(
  { target, lockFile, sourcesFile, built = [] }: MirrorOptions,
  mirrored: readonly ImageName[],
): Promise<ImagesLock["images"]> {
  const { images } = await loadImagesLock(lockFile);
  const kept = Object.entries(images).filter(([name]) => !mirrored.includes(name as ImageName));
  for (const [name, { repository, digest }] of kept)
    if (!built.includes(name as ImageName) && (await target.getManifest(repository, digest)) === undefined)
      throw new Error(
        `${lockFile}: ${name} must be in ${target.name}, got no ${repository}@${digest} there; name where to copy it from in ${join(dirname(sourcesFile), "images.sources.json")}, or let the stack build it: slipway:images.build`,
      );
  return Object.fromEntries(kept);
}
