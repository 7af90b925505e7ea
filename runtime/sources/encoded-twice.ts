import { BadInput } from "../errors.ts";

/**
 * Throws BadInput for a file with `Content-Encoding` whose name says that it is compressed: what arrives is unpacked already, and would be
 * taken for packed.
 */
export function refuseEncodedTwice(what: string, name: string, headers: Headers): void {
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding === "identity" || encoding === "" || !/\.(gz|zst|zip|br)$/.test(name)) return;
  throw new BadInput(
    `${what}: must be served without Content-Encoding, got ${encoding}, which unpacks a file on its way that is named as packed; ` +
      "take that header from the file on its server",
  );
}
