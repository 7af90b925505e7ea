import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { BadInput, Unavailable } from "../errors.ts";
import { openUrl, type UrlRequest } from "./open-url.ts";
import { publicUrl } from "./send-request.ts";

/** Largest source: `ingest` reads the whole file into memory. */
const MAX_BYTES = 1024 ** 3;

export interface FileDownload extends UrlRequest {
  url: string;
  /** Path of the file. It exists afterwards only if the digest is right. */
  path: string;
  /** Hex digits. */
  sha256: string;
  /** Bytes of the whole file, which tell a download that broke off from another file. @default - not known */
  size?: number;
  /** Largest size in bytes. @default 1 GiB */
  maxBytes?: number;
}

/** Downloads a file of a known digest. Throws BadInput for other bytes or too many, and Unavailable for a download that broke off. */
export async function downloadFile(download: FileDownload): Promise<void> {
  const { what, url, path, sha256, size, maxBytes = MAX_BYTES } = download;
  // The digest is that of the bytes on the server: a compressed transfer would change them.
  const headers = { "accept-encoding": "identity" };
  const { body } = await openUrl(url, download, { headers, maxBytes });
  const partial = `${path}.partial`;
  const hash = createHash("sha256");
  let received = 0;
  try {
    await pipeline(
      body,
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          received += chunk.length;
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(partial),
    );
    if (size !== undefined && received < size)
      throw new Unavailable(
        `${what}: ${publicUrl(url)} must have ${size} bytes, got ${received}; try again later`,
      );
    const found = hash.digest("hex");
    if (found !== sha256)
      throw new BadInput(
        `${what}: ${publicUrl(url)} must have the digest sha256:${sha256}, got sha256:${found}; ` +
          "correct source.sha256 in the workload's definition if you trust this file",
      );
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
}
