/**
 * A pattern in which `*` stands for anything, as a regular expression that matches the whole text.
 * @param wildcard - what `*` stands for. @default - any characters
 */
export function globPattern(pattern: string, wildcard = ".*"): RegExp {
  const literals = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literals.join(wildcard)}$`, "s");
}
