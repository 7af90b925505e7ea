/** Returns the value of a text from Pulumi: objects, lists, numbers and booleans are JSON, any other text is itself. */
export function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
