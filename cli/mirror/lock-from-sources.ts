import type { ImageName, ImagesLock, LockedImage } from "../../components/platform/registry/images-lock.ts";
import { upstreamOf } from "../../stacks/config/image-upstreams.ts";
import type { ImageSources } from "../../stacks/config/image-sources.ts";

type Source = NonNullable<ImageSources["images"][ImageName]>;

/** Returns the digest to which a source is pinned; undefined if it follows its tag. */
export function pinnedDigest({ reference, digest }: Source): string | undefined {
  return digest ?? reference.split("@")[1];
}

/**
 * Returns the lock that the sources stand for. A source without a digest has no entry: nobody has asked its registry yet. Entries of
 * `lock` without a source, such as a runtime image that is built here, stay.
 */
export function lockFromSources(sources: ImageSources, lock: ImagesLock): ImagesLock {
  const kept = Object.entries(lock.images).filter(
    ([name]) => sources.images[name as ImageName] === undefined,
  );
  const locked = (Object.entries(sources.images) as [ImageName, Source][]).flatMap(([name, source]) => {
    const entry = lockedSource(name, source, lock.images[name]);
    return entry === undefined ? [] : [[name, entry] as const];
  });
  return { schemaVersion: 1, images: Object.fromEntries([...kept, ...locked]) };
}

function lockedSource(
  name: ImageName,
  source: Source,
  before: LockedImage | undefined,
): LockedImage | undefined {
  const digest = pinnedDigest(source);
  if (digest === undefined) return undefined;
  const [tagged = ""] = source.reference.split("@");
  const upstream = upstreamOf(source.reference);
  return {
    repository: before?.repository ?? `slipway/${name}`,
    digest,
    ...(source.platforms === undefined ? {} : { platforms: source.platforms }),
    ...(upstream === undefined ? {} : { upstream }),
    source: `${tagged}@${digest}`, // people see it in the preview, and the autoscaler's version is in it
  };
}
