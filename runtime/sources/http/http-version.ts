/**
 * Returns what a server calls the state of a file: its strong ETag, or else its time and size; undefined if it says neither. A weak ETag
 * may stand for other bytes of the same meaning. @see https://www.rfc-editor.org/rfc/rfc9110#section-8.8.1
 */
export function httpVersion(headers: Headers): string | undefined {
  const tag = headers.get("etag");
  if (tag !== null && tag !== "" && !tag.startsWith("W/")) return `etag ${tag}`;
  const [time, size] = [headers.get("last-modified"), headers.get("content-length")];
  return time === null || size === null ? undefined : `modified ${time}, ${size} bytes`;
}
