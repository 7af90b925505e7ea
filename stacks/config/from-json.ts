/** Converts the text that Pulumi passes for a value: JSON for objects, lists, numbers and booleans; any other text stays as it is. */
export function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
