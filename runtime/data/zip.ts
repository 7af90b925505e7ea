import { crc32, inflateRawSync } from "node:zlib";
import { Corrupt } from "../errors.ts";

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const MAX_BYTES = 512 * 1024 * 1024;

/** Returns the content of a .zip that holds exactly one file, stored or deflated. @see APPNOTE.TXT of PKWARE, 4.3 */
export function readSingleFileZip(zip: Buffer, name: string): Buffer {
  const broken = (why: string): Corrupt => new Corrupt(`source package: ${name}: ${why}`);
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > zip.length || zip.readUInt32LE(end) !== END) throw broken("must be a zip file");
  if (zip.readUInt16LE(end + 10) !== 1)
    throw broken(`must hold one file, holds ${zip.readUInt16LE(end + 10)}`);
  const entry = zip.readUInt32LE(end + 16);
  if (entry + 46 > end || zip.readUInt32LE(entry) !== ENTRY) throw broken("broken central directory");
  const entryEnd =
    entry + 46 + zip.readUInt16LE(entry + 28) + zip.readUInt16LE(entry + 30) + zip.readUInt16LE(entry + 32);
  if (entryEnd + 4 <= end && zip.readUInt32LE(entryEnd) === ENTRY)
    throw broken("must hold one file, its directory names more");
  const flags = zip.readUInt16LE(entry + 8);
  if ((flags & 1) !== 0) throw broken("must not be encrypted");
  const method = zip.readUInt16LE(entry + 10);
  const checksum = zip.readUInt32LE(entry + 16);
  const packed = zip.readUInt32LE(entry + 20);
  const size = zip.readUInt32LE(entry + 24);
  const local = zip.readUInt32LE(entry + 42);
  if (local + 30 > entry || zip.readUInt32LE(local) !== LOCAL) throw broken("broken local header");
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  if (start + packed > entry || size > MAX_BYTES) throw broken("broken sizes");
  const body = zip.subarray(start, start + packed);
  if (method !== 0 && method !== 8) throw broken(`compression must be stored or deflated, got ${method}`);
  const content = method === 0 ? body : inflate(body, size, broken);
  if (content.length !== size) throw broken(`must unpack to ${size} bytes, got ${content.length}`);
  if (crc32(content) !== checksum) throw broken("its content does not have its checksum");
  return content;
}

/** Unpacks at most the stated size. */
function inflate(body: Buffer, size: number, broken: (why: string) => Corrupt): Buffer {
  try {
    return inflateRawSync(body, { maxOutputLength: Math.max(1, size) });
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw broken(`must unpack to ${size} bytes, and does not (${why})`);
  }
}
