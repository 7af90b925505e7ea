import { Corrupt, describeError } from "../errors.ts";
import { RegistryError } from "./registry-error.ts";

/** Returns a handler that names the registry in the error of a body that was cut off: `fetch` says only `terminated`. */
export function cutOff(what: string, url: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof TypeError
      ? new RegistryError(what, url, undefined, `the answer was cut off: ${describeError(error)}`, error)
      : error;
  };
}

/** Reads the body of a response. Throws Corrupt as soon as it is larger than `most` bytes, so that it cannot fill the memory. */
export async function readAtMost(response: Response, most: number, what: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | undefined = response.body ?? undefined;
  if (body === undefined) return Buffer.alloc(0);
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > most) throw new Corrupt(`registry: ${what} must have at most ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
