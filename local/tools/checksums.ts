/** sha256 of files, as hex, by the file's name. */
export type Checksums = ReadonlyMap<string, string>;

/** Parses the text of a checksum file as `sha256sum` writes it: lines of `HEX  NAME`. Empty lines and lines with `#` are skipped. */
export function parseChecksums(text: string): Checksums {
  const sums = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, hex, name] = /^([0-9a-f]{64}) [ *](\S.*?)\s*$/i.exec(line) ?? [];
    if (hex !== undefined && name !== undefined) sums.set(name, hex.toLowerCase());
  }
  return sums;
}

/**
 * Returns the sha256 of a file from the text of a publisher's checksum file: a list as `sha256sum` writes it, or the sum alone.
 * Returns undefined if the text names no sum for the file, such as the page of a login.
 */
export function checksumOf(file: string, text: string): string | undefined {
  const alone = /^\s*([0-9a-f]{64})\s*$/i.exec(text)?.[1];
  return alone?.toLowerCase() ?? parseChecksums(text).get(file);
}

/** Returns the text of a checksum file. */
export function formatChecksums(sums: Checksums): string {
  return [...sums].map(([name, hex]) => `${hex}  ${name}\n`).join("");
}
