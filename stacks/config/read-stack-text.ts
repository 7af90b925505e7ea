import type { Stats } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";

/** A stack file is a folder, a pipe, a socket or a device. A read of it fails without a reason, waits forever, or has no end. */
export class NotRegularFile extends Error {
  constructor(path: string, kind: string) {
    super(`${basename(path)}: must be a regular file, got ${kind}; replace it with a file of YAML`);
    this.name = "NotRegularFile";
  }
}

/** Reads a stack file. Throws NotRegularFile if it is something else, and the error of the file system if it cannot be read. */
export async function readStackText(path: string): Promise<string> {
  const found = await stat(path);
  if (!found.isFile()) throw new NotRegularFile(path, kindOf(found));
  return readFile(path, "utf8");
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return "a folder";
  if (found.isFIFO()) return "a named pipe";
  return found.isSocket() ? "a socket" : "a device";
}
