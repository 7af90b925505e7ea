import { readFile } from "node:fs/promises";
import { credentialsFor } from "../../runtime/artifacts/credentials.ts";
import { registryClient } from "../../runtime/artifacts/registry-client.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import type { ImageStore, StoredImage } from "./image-store.ts";

/** A registry that images are pushed to. */
export interface ImageRegistry {
  /** Host and port in the pods' image references: `10.88.0.1:5000`. */
  host: string;
  /** Base URL from this machine: `http://127.0.0.1:5000`. */
  url: string;
  /** Path of a Docker `config.json` with the credentials of `host`. */
  authFile: string;
}

export async function connectImageRegistry(registry: ImageRegistry): Promise<RegistryClient> {
  const text = await readFile(registry.authFile, "utf8");
  const credentials =
    credentialsFor(text, new URL(registry.url).host, registry.authFile) ??
    credentialsFor(text, registry.host, registry.authFile);
  if (credentials === undefined)
    throw new Error(
      `${registry.authFile}: must hold credentials of ${registry.host}; write them with docker login`,
    );
  return registryClient({ url: registry.url, credentials });
}

/**
 * Pushes the blobs that the registry lacks, then the manifest with a tag. The tag is for people: pods use the digest.
 * Returns true if something was pushed.
 */
export async function pushImage(
  client: RegistryClient,
  repository: string,
  image: StoredImage,
  store: ImageStore,
  tag: string,
): Promise<boolean> {
  if ((await client.getManifest(repository, image.digest)) !== undefined) return false;
  for (const { digest } of image.blobs) await client.pushBlob(repository, digest, store.blob(digest));
  await client.putManifest(repository, tag, await readFile(store.blob(image.digest)));
  return true;
}
