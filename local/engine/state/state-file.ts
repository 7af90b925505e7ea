import { readFile, stat } from "node:fs/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { UnreadableState } from "./unreadable-state.ts";

const GZIP = ".gz";

/**
 * Returns the path of a stack's state file: `STACK.json`, or the `STACK.json.gz` that a CLI with
 * PULUMI_SELF_MANAGED_STATE_GZIP writes. If both exist, the newer one.
 */
export async function currentStateFile(file: string): Promise<string> {
  const [plain, packed] = await Promise.all([writtenAt(file), writtenAt(file + GZIP)]);
  return packed > plain ? file + GZIP : file;
}

/** Reads the text of a state file; undefined if there is none. Throws UnreadableState if it cannot be unpacked. */
export async function readStateFile(file: string): Promise<string | undefined> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    if (error.code === "EISDIR") throw new UnreadableState(file, "is a folder");
    throw error;
  });
  return bytes && (file.endsWith(GZIP) ? unpacked(bytes, file) : bytes).toString("utf8");
}

function unpacked(bytes: Buffer, file: string): Buffer {
  try {
    return gunzipSync(bytes);
  } catch {
    throw new UnreadableState(file, "cannot be unpacked");
  }
}

/** Returns the bytes of a state file with this text, compressed if the file ends in `.gz`. */
export function stateFileBytes(file: string, text: string): Buffer {
  return file.endsWith(GZIP) ? gzipSync(text) : Buffer.from(text);
}

async function writtenAt(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => -1,
  );
}
