import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { Corrupt } from "../errors.ts";

/**
 * Streams the body of a response to `path`, which exists afterwards only if size and digest are those of the blob. Throws Corrupt if
 * they are not.
 */
export async function saveBlob(
  response: Response,
  blob: { repository: string; digest: string; size: number },
  path: string,
): Promise<void> {
  const partial = `${path}.partial`;
  const hash = createHash("sha256");
  let size = 0;
  try {
    await pipeline(
      Readable.fromWeb((response.body ?? new Blob([]).stream()) as NodeReadableStream<Uint8Array>),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          size += chunk.length;
          if (size > blob.size) break; // more bytes than announced must not fill the disk
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(partial),
    );
    const digest = `sha256:${hash.digest("hex")}`;
    if (size !== blob.size || digest !== blob.digest)
      throw new Corrupt(
        `registry: blob of ${blob.repository} must be ${blob.size} bytes with digest ${blob.digest}, got ${size > blob.size ? "more" : size} with ${digest}; push it again`,
      );
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
}
