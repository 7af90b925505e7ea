import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Keys by which callers from outside of the cluster prove who they are. Only their digests are known here. */
export interface ApiKeys {
  /** Names of the callers that have a key, sorted. */
  readonly callers: readonly string[];
  /** Returns whether somebody has this key. Takes the same time for each key. */
  accepts(key: string): boolean;
}

const DIGEST = /^(?:sha256:)?([0-9a-f]{64})$/i;

/** Longer keys are refused unread: a header may have 16 KiB. */
const MAX_KEY_LENGTH = 256;

/**
 * Reads digests of keys. `files` has a caller's name → SHA-256 digests of its keys in hex, one per line, with or without `sha256:`. A caller
 * may have two while one replaces the other. Lines that are no digest are left out, and named by `invalid`.
 */
export function parseApiKeys(files: Readonly<Record<string, string>>): ApiKeys & { invalid: string[] } {
  const digests: Buffer[] = [];
  const callers = new Set<string>();
  const invalid = new Set<string>();
  for (const [caller, text] of Object.entries(files))
    for (const line of text.split(/\s+/).filter((part) => part !== "")) {
      const [, hex] = DIGEST.exec(line) ?? [];
      if (hex === undefined) invalid.add(caller);
      else {
        digests.push(Buffer.from(hex, "hex"));
        callers.add(caller);
      }
    }
  return {
    callers: [...callers].sort(),
    invalid: [...invalid].sort(),
    accepts(key) {
      if (key === "" || key.length > MAX_KEY_LENGTH) return false;
      const digest = createHash("sha256").update(key).digest();
      // Compares with all digests, so that the time tells nothing about the one that fits.
      return digests.map((known) => timingSafeEqual(known, digest)).includes(true);
    },
  };
}

/** Reads the files of a mounted Secret. A folder that does not exist yet has no keys. */
export async function loadApiKeys(folder: string): Promise<ReturnType<typeof parseApiKeys>> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  // The kubelet keeps its versions of the files in folders that start with two dots.
  const files = names.filter((name) => !name.startsWith(".."));
  return parseApiKeys(
    Object.fromEntries(
      await Promise.all(files.map(async (name) => [name, await readFile(join(folder, name), "utf8")])),
    ) as Record<string, string>,
  );
}

/** Returns the key of a request, from `x-api-key` or from `authorization: Bearer`; undefined if it has none. */
export function keyOf(headers: IncomingHttpHeaders): string | undefined {
  const own = headers["x-api-key"];
  if (typeof own === "string") return own.trim();
  return /^bearer +(\S+) *$/i.exec(headers.authorization ?? "")?.[1];
}
