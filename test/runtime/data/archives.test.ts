import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Corrupt } from "../../../runtime/errors.ts";
import { readTarGz } from "../../../runtime/data/tar.ts";
import { readSingleFileZip } from "../../../runtime/data/zip.ts";
import { tarEntry, tarGz } from "../support/tar-gz.ts";

const archive = (...entries: Buffer[]): Buffer => tarGz(entries);

describe("a .tar.gz", () => {
  it("gives the members asked for and no others", () => {
    const found = readTarGz(
      archive(tarEntry("p/a.csv", "a".repeat(600)), tarEntry("p/b.csv", "b"), tarEntry("p/c", "c")),
      ["p/a.csv", "p/b.csv"],
    );
    expect([...found].map(([name, bytes]) => [name, bytes.length])).toEqual([
      ["p/a.csv", 600],
      ["p/b.csv", 1],
    ]);
  });

  it("does not take a link or a folder for a file", () => {
    expect(() => readTarGz(archive(tarEntry("p/a", "", "2"), tarEntry("p/a", "", "5")), ["p/a"])).toThrow(
      "must contain p/a",
    );
  });

  it.each(["x", "g", "L", "K"])("refuses an extended header of type %s that changes a name", (type) => {
    const header = tarEntry("p/PaxHeader", "20 path=p/a-long-name\n", type);
    expect(() => readTarGz(archive(header, tarEntry("p/a", "1")), ["p/a"])).toThrow(
      "long and extended names are not supported",
    );
  });

  it("passes over an extended header that says a time or a comment", () => {
    const header = tarEntry("p/PaxHeader", "21 mtime=1700000000.5\n", "x");
    expect(readTarGz(archive(header, tarEntry("p/a", "1")), ["p/a"]).size).toBe(1);
  });

  it("refuses a member that is there twice", () => {
    expect(() => readTarGz(archive(tarEntry("a", "1"), tarEntry("a", "2")), ["a"])).toThrow(
      "a is there twice",
    );
  });

  it("refuses a damaged header, a cut archive and what is no gzip", () => {
    const damaged = tarEntry("a", "1");
    damaged[0] = 66;
    expect(() => readTarGz(archive(damaged), ["B"])).toThrow(/broken tar header at byte 0/);
    expect(() => readTarGz(gzipSync(tarEntry("a", "x".repeat(2000)).subarray(0, 1024)), ["a"])).toThrow(
      /broken tar header/,
    );
    expect(() => readTarGz(Buffer.from("hello"), ["a"])).toThrow(/must be a .tar.gz/);
  });
});

/** A zip of one file: local header, body, central directory, end. */
function zip(content: string, method: 0 | 8, claim = content.length): Buffer {
  const body = method === 8 ? deflateRawSync(content) : Buffer.from(content);
  const local = Buffer.alloc(31);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(1, 26);
  const central = Buffer.alloc(47);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(method, 10);
  central.writeUInt32LE(crc32(content), 16);
  central.writeUInt32LE(body.length, 20);
  central.writeUInt32LE(claim, 24);
  central.writeUInt16LE(1, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(local.length + body.length, 16);
  return Buffer.concat([local, body, central, end]);
}

describe("a .zip of one file", () => {
  it.each([0, 8] as const)("is read with compression %i", (method) => {
    expect(readSingleFileZip(zip("year,month\n2013,1\n", method), "f.zip").toString()).toBe(
      "year,month\n2013,1\n",
    );
  });

  it("is refused where it is cut, claims another size or holds more files", () => {
    const good = zip("content", 8);
    expect(() => readSingleFileZip(good.subarray(0, -10), "f.zip")).toThrow("f.zip: must be a zip file");
    expect(() => readSingleFileZip(zip("content", 8, 3), "f.zip")).toThrow(
      "f.zip: must unpack to 3 bytes, and does not (ERR_BUFFER_TOO_LARGE)",
    );
    expect(() => readSingleFileZip(zip("content", 0, 3), "f.zip")).toThrow("must unpack to 3 bytes, got 7");
    good.writeUInt16LE(2, good.length - 12);
    expect(() => readSingleFileZip(good, "f.zip")).toThrow("must hold one file, holds 2");
  });

  const at = (bytes: Buffer): number => bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));

  it("is refused where its content is not that of its checksum, or is encrypted, or does not unpack", () => {
    const changed = zip("content", 0);
    changed[31] = 0x58;
    expect(() => readSingleFileZip(changed, "f.zip")).toThrow("its content does not have its checksum");
    const encrypted = zip("content", 8);
    encrypted.writeUInt16LE(1, at(encrypted) + 8);
    expect(() => readSingleFileZip(encrypted, "f.zip")).toThrow("must not be encrypted");
    const broken = zip("content", 8);
    broken[31] = 0xff;
    expect(() => readSingleFileZip(broken, "f.zip")).toThrow(Corrupt);
  });

  it("is refused where it says one file and names two", () => {
    const good = zip("content", 0);
    const entry = good.subarray(at(good), at(good) + 47);
    const two = Buffer.concat([good.subarray(0, at(good) + 47), entry, good.subarray(at(good) + 47)]);
    expect(() => readSingleFileZip(two, "f.zip")).toThrow("must hold one file, its directory names more");
  });
});
