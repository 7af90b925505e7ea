import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { imageBlobs, indexDigests } from "../../runtime/artifacts/image-manifest.ts";
import type { Descriptor } from "../../runtime/artifacts/manifest.ts";
import type { RawManifest, RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { forEachBlob, pullBlobWithRetries } from "../../runtime/artifacts/transfer-blobs.ts";
import { checkPlatform, platformDigest } from "./image-platform.ts";

export interface ImageCopy {
  from: { registry: RegistryClient; repository: string; reference: string };
  to: { registry: RegistryClient; repository: string; tag: string };
  /** Empty folder for blobs while they are copied. */
  scratch: string;
  /** Shows one line to a person. */
  update: (message: string) => void;
}

export interface CopiedImage {
  /** Digest of the reference: of an index, or of an image. */
  digest: string;
  /** Blobs that had to be copied. */
  copied: number;
}

/**
 * Copies an image, or an index with all its images, so that its digest and its signatures stay valid. Blobs that the target has are
 * skipped, so an interrupted copy goes on where it stopped. Each blob is hashed during the copy and again by the target. A manifest, byte
 * for byte the upstream's, comes after its blobs, and that of an index last.
 */
export async function copyImage({ from, to, scratch, update }: ImageCopy): Promise<CopiedImage> {
  const what = `${from.registry.name}/${from.repository}`;
  const upstream = await manifestOf(from.registry, from.repository, from.reference);
  const ours = platformDigest(upstream, what);
  if ((await to.registry.getManifest(to.repository, upstream.digest)) !== undefined)
    return { digest: upstream.digest, copied: 0 };
  let copied = 0;
  for (const digest of indexDigests(upstream, what)) {
    const image = await manifestOf(from.registry, from.repository, digest);
    await copyBlobs(image, digest === ours);
    await to.registry.putManifest(to.repository, digest, image.bytes, image.mediaType);
  }
  if (ours === undefined) await copyBlobs(upstream, true);
  await to.registry.putManifest(to.repository, to.tag, upstream.bytes, upstream.mediaType);
  await manifestOf(to.registry, to.repository, upstream.digest); // read back, and hashed
  return { digest: upstream.digest, copied };

  /** @param runsHere - whether our nodes run the image, so that its config must be of their platform */
  async function copyBlobs(image: RawManifest, runsHere: boolean): Promise<void> {
    const { config, layers } = imageBlobs(image, what);
    await forEachBlob([config, ...layers], async (blob) => {
      if (await copyBlob(blob, runsHere && blob.digest === config.digest)) copied++;
    });
  }

  async function copyBlob(blob: Descriptor, isConfig: boolean): Promise<boolean> {
    const present = await to.registry.hasBlob(to.repository, blob.digest);
    if (present && !isConfig) return false;
    const path = join(scratch, blob.digest.replace(":", "-"));
    try {
      await pullBlobWithRetries(from.registry, from.repository, blob, path);
      if (isConfig) checkPlatform(JSON.parse(await readFile(path, "utf8")), what);
      if (present) return false;
      await to.registry.pushBlob(to.repository, blob.digest, path);
      update(`${shortDigest(blob.digest)} ${(blob.size / 1e6).toFixed(1)} MB`);
      return true;
    } finally {
      await rm(path, { force: true });
    }
  }
}

async function manifestOf(
  registry: RegistryClient,
  repository: string,
  reference: string,
): Promise<RawManifest> {
  const manifest = await registry.getManifest(repository, reference);
  if (manifest === undefined) throw new Error(`${registry.name}/${repository}: there is no ${reference}`);
  return manifest;
}

/** Returns the first 12 hexadecimal digits of a digest, for people. */
export const shortDigest = (digest: string): string => digest.slice("sha256:".length, "sha256:".length + 12);
