import type { Answer } from "../send-request.ts";

/** Largest page of a listing, or message of a fault, in bytes. */
const MAX_BYTES = 16 * 1024 ** 2;

/** Reads the body of an answer as text; the rest of a body that is too large is left out. */
export async function readText(answer: Answer): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    chunks.push(chunk);
    if ((size += chunk.length) > MAX_BYTES) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}
