/** Longest name of a file or a folder that file systems accept. */
const MAX_NAME_BYTES = 255;

/**
 * Calls `refuse` with a rule and the name for the first name that cannot be that of a file below a folder: keys of an object store are any
 * text.
 */
export function checkObjectNames(
  names: readonly string[],
  refuse: (rule: string, value: string) => never,
): void {
  const seen = new Set<string>();
  const show = (name: string): string =>
    `${JSON.stringify(name.slice(0, 200))}; leave it out by source.files, or rename it`;
  for (const name of names) {
    const parts = name.split("/");
    if (parts.some((part) => part === "" || part === "." || part === ".."))
      refuse("must have names that stay in its folder, without empty parts, . and ..", show(name));
    // eslint-disable-next-line no-control-regex -- control characters are what is refused
    if (/[\\\x00-\x1f]/.test(name))
      refuse("must have names without backslashes and control characters", show(name));
    if (parts.some((part) => Buffer.byteLength(part) > MAX_NAME_BYTES))
      refuse(`must have names with at most ${MAX_NAME_BYTES} bytes between slashes`, show(name));
    if (seen.has(name)) refuse("must have names that differ", show(name));
    seen.add(name);
  }
  for (const name of seen)
    for (let at = name.indexOf("/"); at >= 0; at = name.indexOf("/", at + 1))
      if (seen.has(name.slice(0, at)))
        refuse(`must not have an object and a folder of one name`, show(name.slice(0, at)));
}
