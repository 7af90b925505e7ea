/** Returns the names that a pattern matches, sorted: `*` is any part of the name of a file or a folder, `**` any folders. */
export function matchFiles(pattern: string, names: readonly string[]): string[] {
  const parts = pattern
    .split("/")
    .map((part) => (part === "**" ? part : part.split("*").map(escape).join("[^/]*")));
  const source = parts.reduce(
    (text, part, i) =>
      part === "**" ? `${text}(?:[^/]+/)*` : `${text}${part}${i < parts.length - 1 ? "/" : ""}`,
    "",
  );
  const expression = new RegExp(`^${source}$`);
  return names.filter((name) => expression.test(name)).sort();
}

const escape = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
