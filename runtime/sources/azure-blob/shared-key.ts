import { createHmac } from "node:crypto";

/** Headers without `x-ms-` that a signature covers, in its order. */
const COVERED = [
  "content-encoding",
  "content-language",
  "content-length",
  "content-md5",
  "content-type",
  "date",
  "if-modified-since",
  "if-match",
  "if-none-match",
  "if-unmodified-since",
  "range",
] as const;

/**
 * Returns the value of `authorization` for a request with the key of a storage account.
 *
 * @param headers - all that a signature covers, with lower-case names
 * @see https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
 */
export function sharedKey(
  { method, url, headers }: { method: string; url: string; headers: Readonly<Record<string, string>> },
  account: string,
  key: Buffer,
): string {
  const { pathname, searchParams } = new URL(url);
  const own = Object.keys(headers)
    .filter((name) => name.startsWith("x-ms-"))
    .sort()
    .map((name) => `${name}:${headers[name]}`);
  const query = [...searchParams.keys()]
    .sort()
    .map((name) => `${name.toLowerCase()}:${searchParams.get(name)}`);
  const text = [
    method,
    ...COVERED.map((name) => headers[name] ?? ""),
    ...own,
    [`/${account}${pathname}`, ...query].join("\n"),
  ].join("\n");
  return `SharedKey ${account}:${createHmac("sha256", key).update(text).digest("base64")}`;
}
