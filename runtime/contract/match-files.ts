/** Returns the names that a pattern matches, sorted: `*` is any part of the name of a file or a folder, `**` any folders. */
export function matchFiles(pattern: string, names: readonly string[]): string[] {
  const parts = pattern.split("/");
  const last = parts.pop() ?? "";
  const folders = parts.map((part) => (part === "**" ? "(?:[^/]+/)*" : `${oneName(part)}/`)).join("");
  const expression = new RegExp(`^${folders}${last === "**" ? ".+" : oneName(last)}$`);
  return names.filter((name) => expression.test(name)).sort();
}

/** Returns the regular expression of one file or folder name. */
function oneName(part: string): string {
  return part
    .split("*")
    .map((text) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join("[^/]*");
}
