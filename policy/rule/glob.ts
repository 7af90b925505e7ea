/**
 * Returns a regular expression for a pattern with `*` wildcards, which must match the whole text.
 * @param wildcard - regular expression that `*` stands for. @default - any characters
 */
export function globPattern(pattern: string, wildcard = ".*"): RegExp {
  const literals = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literals.join(wildcard)}$`, "s");
}
