/** The value that Pulumi passed as text: JSON for objects, lists, numbers and booleans; any other text is itself. */
export function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
