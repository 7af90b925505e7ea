import { createHash } from "node:crypto";
import type { AzurePlace } from "./place.ts";

/** Namespace of the GUIDs that Slipway derives from names. */
const NAMESPACE = "7a0c9d0e-1f4c-5c56-9d43-3c6f1b1c0a5e";

/** Derives a GUID (version 5) from a name. @see https://www.rfc-editor.org/rfc/rfc9562#section-5.5 */
export function guidV5(name: string, namespace: string = NAMESPACE): string {
  const space = Buffer.from(namespace.replaceAll("-", ""), "hex");
  const hash = createHash("sha1").update(space).update(name).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6); // version
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8); // variant
  const hex = hash.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Returns a name that is unique in all of Azure and the same in every preview: prefix, purpose, and six characters of a hash. */
export function globalName({ prefix, subscription, location }: AzurePlace, purpose: string): string {
  return `${prefix}${purpose}${guidV5(`${subscription}/${location}/${prefix}/${purpose}`).slice(0, 6)}`;
}
