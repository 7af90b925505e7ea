/** A parsed map as it is, and anything else as an empty one. */
export function asMap(value: unknown): Record<string, unknown> {
  const isMap =
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isMap ? (value as Record<string, unknown>) : {};
}
