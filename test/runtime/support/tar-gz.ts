import { gzipSync } from "node:zlib";

/** One ustar entry, as POSIX describes it. `type` 0 is a file, 2 a symbolic link, 5 a folder. */
export function tarEntry(name: string, content: string, type = "0"): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644\0", 100);
  header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("        ", 148);
  header.write(type, 156);
  header.write("ustar\0", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body]);
}

/** A .tar.gz of entries or, given an object, of files by name. */
export function tarGz(content: readonly Buffer[] | Readonly<Record<string, string>>): Buffer {
  const entries = Array.isArray(content)
    ? (content as readonly Buffer[])
    : Object.entries(content as Record<string, string>).map(([name, text]) => tarEntry(name, text));
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)]));
}
