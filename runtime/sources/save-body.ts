import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";

/**
 * Streams bytes to a file, whose folders are made, and returns their digest and number. The file exists afterwards only if all bytes
 * came; an earlier file of this name is replaced.
 */
export async function saveBody(
  body: AsyncIterable<Uint8Array>,
  path: string,
): Promise<{ digest: string; size: number }> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.partial`;
  const hash = createHash("sha256");
  let size = 0;
  try {
    await pipeline(
      body,
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          size += chunk.length;
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(partial),
    );
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
  return { digest: `sha256:${hash.digest("hex")}`, size };
}
