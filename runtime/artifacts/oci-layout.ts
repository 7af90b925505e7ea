import { copyFile, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { digestOf, digestOfFile } from "./digest.ts";
import { MANIFEST_TYPE } from "./manifest.ts";
import type { RegistryClient } from "./registry-client.ts";
import { Corrupt } from "../errors.ts";

/** Returns the path of a blob in an OCI image layout. */
export function layoutBlobPath(directory: string, digest: string): string {
  return join(directory, "blobs", ...digest.split(":"));
}

/**
 * Reads artifacts from a folder in OCI image layout and verifies their digests, for servers without a network. The layout holds
 * blobs by digest, so names of repositories and tags are ignored.
 * @see https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 */
export function ociLayout(directory: string): RegistryClient {
  const blobPath = (digest: string): string => layoutBlobPath(directory, digest);
  const readOnly = async (): Promise<never> => {
    throw new Error(`${directory}: an image layout is read-only`);
  };
  return {
    name: directory,
    hasBlob: async (_repository, digest) =>
      stat(blobPath(digest)).then(
        () => true,
        () => false,
      ),
    async pullBlob(repository, { digest, size }, path) {
      const source = blobPath(digest);
      const found = await stat(source).catch(() => undefined);
      if (found === undefined)
        throw new Corrupt(
          `${directory}: blob ${digest} of ${repository} is missing; copy the artifact again`,
        );
      const partial = `${path}.partial`;
      try {
        await copyFile(source, partial);
        const got = await digestOfFile(partial);
        if (found.size !== size || got !== digest)
          throw new Corrupt(
            `${directory}: blob of ${repository} must be ${size} bytes with digest ${digest}, got ${found.size} with ${got}; copy the artifact again`,
          );
        await rename(partial, path);
      } finally {
        await rm(partial, { force: true });
      }
    },
    async getManifest(repository, reference) {
      const bytes = await readFile(blobPath(reference)).catch(() => undefined);
      if (bytes === undefined) return undefined;
      const digest = digestOf(bytes);
      if (digest !== reference)
        throw new Corrupt(
          `${directory}: manifest of ${repository} must have digest ${reference}, got ${digest}`,
        );
      return { digest, mediaType: MANIFEST_TYPE, bytes };
    },
    pushBlob: readOnly,
    deleteManifest: readOnly,
    listRepositories: async () => undefined,
    putManifest: readOnly,
    putTag: readOnly,
    resolveTag: async () => undefined,
    listTags: async () => [],
    getReferrers: async () => undefined,
  };
}
