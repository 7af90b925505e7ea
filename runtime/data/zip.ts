import { inflateRawSync } from "node:zlib";
import { Corrupt } from "../errors.ts";

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const MAX_BYTES = 512 * 1024 * 1024;

/** The content of a .zip that holds exactly one file, stored or deflated. @see APPNOTE.TXT of PKWARE, 4.3 */
export function readSingleFileZip(zip: Buffer, name: string): Buffer {
  const broken = (why: string): Corrupt => new Corrupt(`source package: ${name}: ${why}`);
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > zip.length || zip.readUInt32LE(end) !== END) throw broken("must be a zip file");
  if (zip.readUInt16LE(end + 10) !== 1)
    throw broken(`must hold one file, holds ${zip.readUInt16LE(end + 10)}`);
  const entry = zip.readUInt32LE(end + 16);
  if (entry + 46 > end || zip.readUInt32LE(entry) !== ENTRY) throw broken("broken central directory");
  const method = zip.readUInt16LE(entry + 10);
  const packed = zip.readUInt32LE(entry + 20);
  const size = zip.readUInt32LE(entry + 24);
  const local = zip.readUInt32LE(entry + 42);
  if (local + 30 > entry || zip.readUInt32LE(local) !== LOCAL) throw broken("broken local header");
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  if (start + packed > entry || size > MAX_BYTES) throw broken("broken sizes");
  const body = zip.subarray(start, start + packed);
  if (method !== 0 && method !== 8) throw broken(`compression must be stored or deflated, got ${method}`);
  const content = method === 0 ? body : inflateRawSync(body, { maxOutputLength: MAX_BYTES });
  if (content.length !== size) throw broken(`must unpack to ${size} bytes, got ${content.length}`);
  return content;
}
