/** Returns the value if it is a map, else an empty map. */
export function asMap(value: unknown): Record<string, unknown> {
  const isMap =
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isMap ? (value as Record<string, unknown>) : {};
}
