import { z } from "zod";
import { IMAGE_PLATFORMS, type ImagePlatform } from "../../components/platform/registry/images-lock.ts";
import { indexEntries, isIndex } from "../../runtime/artifacts/image-manifest.ts";
import type { RawManifest } from "../../runtime/artifacts/registry-client.ts";

/** What the nodes of every cluster and the runtime image are. */
export const PLATFORM = { os: "linux", architecture: "amd64" } as const;

/** Returns the digest of the image for our platform in an index; undefined where the manifest is an image itself. */
export function platformDigest(manifest: RawManifest, what: string): string | undefined {
  if (!isIndex(manifest)) return undefined;
  const entries = indexEntries(manifest, what);
  const found = entries.find(
    ({ platform }) => platform?.os === PLATFORM.os && platform.architecture === PLATFORM.architecture,
  );
  if (found !== undefined) return found.digest;
  const offered = entries.map(({ platform }) => `${platform?.os}/${platform?.architecture}`);
  throw new Error(`${what}: must have an image for linux/amd64, got ${offered.join(", ") || "none"}`);
}

/** Returns the platforms of a manifest that nodes can have. A manifest that is an image itself is for our platform: `checkPlatform` refuses others. */
export function platformsOf(manifest: RawManifest, what: string): ImagePlatform[] {
  if (!isIndex(manifest)) return [`linux/${PLATFORM.architecture}`];
  const offered = indexEntries(manifest, what).map(
    ({ platform }) => `${platform?.os}/${platform?.architecture}`,
  );
  return IMAGE_PLATFORMS.filter((platform) => offered.includes(platform));
}

/** Throws where the config of an image is of another platform than ours. */
export function checkPlatform(config: unknown, what: string): void {
  const parsed = z.looseObject({ os: z.string(), architecture: z.string() }).safeParse(config);
  const { os, architecture } = parsed.data ?? { os: "?", architecture: "?" };
  if (os !== PLATFORM.os || architecture !== PLATFORM.architecture)
    throw new Error(`${what}: must be an image for linux/amd64, got ${os}/${architecture}`);
}
