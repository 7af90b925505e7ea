import { WrittenScalar } from "./written-yaml.ts";

/**
 * Returns a config value in the form that the CLI passes to a program: scalars as they are written in the file, objects and lists
 * as JSON with sorted keys, as Go writes maps.
 */
export function configText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof WrittenScalar) return value.text;
  return value === null || value === undefined ? "" : json(value);
}

function json(value: unknown): string {
  if (value instanceof WrittenScalar) return value.json;
  if (Array.isArray(value)) return `[${value.map(json).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${json(item)}`).join(",")}}`;
}
