import { gunzipSync } from "node:zlib";
import { Corrupt } from "../errors.ts";

const BLOCK = 512;
/** A package that unpacks to more than this is refused before it fills the memory. */
const MAX_BYTES = 512 * 1024 * 1024;

/**
 * Reads the members `wanted` of a .tar.gz into memory. It writes nothing to disk and follows no links or devices. Throws Corrupt if
 * a wanted member is missing or occurs twice.
 */
export function readTarGz(archive: Uint8Array, wanted: readonly string[]): Map<string, Buffer> {
  const tar = inflate(archive);
  const found = new Map<string, Buffer>();
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0;) {
    const header = tar.subarray(at, at + BLOCK);
    const size = octal(header, 124, 12);
    const type = String.fromCharCode(header[156] ?? 0);
    const start = at + BLOCK;
    if (checksum(header) !== octal(header, 148, 8) || start + size > tar.length)
      throw new Corrupt(`source package: broken tar header at byte ${at}; fetch the package again`);
    const prefix = text(header, 345, 155);
    const name = prefix === "" ? text(header, 0, 100) : `${prefix}/${text(header, 0, 100)}`;
    // Such a header changes the name of the next member; without it the member would have a wrong, shorter name.
    if (["x", "g", "L", "K"].includes(type) && extendsNames(tar.subarray(start, start + size), type))
      throw new Corrupt("source package: long and extended names are not supported; pack it as ustar");
    if ((type === "0" || type === "\0") && wanted.includes(name)) {
      if (found.has(name)) throw new Corrupt(`source package: ${name} is there twice`);
      found.set(name, tar.subarray(start, start + size));
    }
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  const missing = wanted.filter((name) => !found.has(name));
  if (missing.length > 0) throw new Corrupt(`source package: must contain ${missing.join(", ")}`);
  return found;
}

/** True if an extended header changes a name. A global comment, such as git's commit, does not. */
function extendsNames(body: Buffer, type: string): boolean {
  return type === "L" || type === "K" || /^\d+ (path|linkpath|size)=/m.test(body.toString("utf8"));
}

function inflate(archive: Uint8Array): Buffer {
  try {
    return gunzipSync(archive, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    throw new Corrupt("source package: must be a .tar.gz of at most 512 MiB unpacked", { cause: error });
  }
}

/** Returns the sum of the header's bytes, with the checksum field counted as spaces. */
function checksum(header: Buffer): number {
  return header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0);
}

function text(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.subarray(0, end === -1 ? length : end).toString("utf8");
}

function octal(header: Buffer, start: number, length: number): number {
  const value = Number.parseInt(text(header, start, length).trim() || "0", 8);
  if (!Number.isSafeInteger(value) || value < 0) throw new Corrupt("source package: broken tar header");
  return value;
}
