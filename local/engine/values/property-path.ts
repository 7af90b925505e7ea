import type { PropertyMap, PropertyValue } from "./property-value.ts";
import { Secret } from "./property-value.ts";
import { isMap } from "./values.ts";

export type PathElement = string | number;

/** Parses `spec.replicas`, `items[0].name`, `metadata.annotations["a.b/c"]` and `items[*].name`. */
export function parsePath(path: string): PathElement[] {
  const elements: PathElement[] = [];
  const token = /\.?([^.[\]"]+)|\[(\d+)\]|\.?\["((?:[^"\\]|\\.)*)"\]|\[(\*)\]|\.(?=\[)/gy;
  while (token.lastIndex < path.length) {
    const at = token.lastIndex;
    const match = token.exec(path);
    if (!match)
      throw new Error(
        `${path}: not a property path (at character ${at + 1}); write it like spec.items[0]["a.b"]`,
      );
    const [, name, index, quoted, star] = match;
    if (index !== undefined) elements.push(Number(index));
    else if (quoted !== undefined) elements.push(quoted.replace(/\\(.)/g, "$1"));
    else if (star !== undefined || name !== undefined) elements.push(star ?? name ?? "");
  }
  return elements;
}

/** Formats a path; `parsePath` reads it. */
export function formatPath(elements: readonly PathElement[]): string {
  let text = "";
  for (const element of elements) {
    if (typeof element === "number") text += `[${element}]`;
    else if (/^[^.[\]"*]+$/.test(element)) text += text === "" ? element : `.${element}`;
    else text += `["${element.replace(/["\\]/g, "\\$&")}"]`;
  }
  return text;
}

/** True if one path is equal to or inside the other: a change at `spec` concerns `spec.replicas` and the reverse. */
export function pathsTouch(pattern: readonly PathElement[], path: readonly PathElement[]): boolean {
  const length = Math.min(pattern.length, path.length);
  for (let i = 0; i < length; i++) {
    if (pattern[i] !== "*" && String(pattern[i]) !== String(path[i])) return false;
  }
  return true;
}

/** True if a path is equal to or inside a pattern. */
export function pathIsWithin(path: readonly PathElement[], pattern: readonly PathElement[]): boolean {
  return pattern.length <= path.length && pathsTouch(pattern, path);
}

/** Returns `news` with the value at each path reset to the one in `olds`, for `ignoreChanges`. */
export function withoutChangesAt(
  news: PropertyMap,
  olds: PropertyMap,
  paths: readonly string[],
): PropertyMap {
  let result: PropertyValue = news;
  for (const path of paths) result = reset(result, olds, parsePath(path));
  return result as PropertyMap;
}

function reset(
  value: PropertyValue,
  old: PropertyValue | undefined,
  path: readonly PathElement[],
): PropertyValue {
  const [head, ...rest] = path;
  if (head === undefined) return old ?? value;
  if (value instanceof Secret)
    return new Secret(reset(value.value, old instanceof Secret ? old.value : old, path));
  if (old instanceof Secret) return reset(value, old.value, path);
  if (Array.isArray(value)) {
    const olds = Array.isArray(old) ? old : [];
    const wanted = (index: number): boolean => head === "*" || Number(head) === index;
    return value.map((item, i) => (wanted(i) && i < olds.length ? reset(item, olds[i], rest) : item));
  }
  if (!isMap(value)) return value;
  const olds = isMap(old) ? old : {};
  const result: PropertyMap = { ...value };
  const keys = head === "*" ? new Set([...Object.keys(value), ...Object.keys(olds)]) : [String(head)];
  for (const key of keys) resetKey(result, olds, key, rest);
  return result;
}

function resetKey(result: PropertyMap, olds: PropertyMap, key: string, rest: readonly PathElement[]): void {
  const old = olds[key];
  const value = result[key];
  if (rest.length === 0) {
    if (old === undefined) delete result[key];
    else result[key] = old;
  } else if (value !== undefined) {
    result[key] = reset(value, old, rest);
  } else if (old !== undefined) {
    const kept = pick(old, rest);
    if (kept !== undefined) result[key] = kept;
  }
}

/** Returns a copy of only the part of a value that a path leads to; undefined if the path does not exist. */
function pick(value: PropertyValue, path: readonly PathElement[]): PropertyValue | undefined {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  if (!isMap(value)) return undefined;
  const result: PropertyMap = {};
  for (const key of head === "*" ? Object.keys(value) : [String(head)]) {
    const inner = value[key];
    const kept = inner === undefined ? undefined : pick(inner, rest);
    if (kept !== undefined) result[key] = kept;
  }
  return Object.keys(result).length > 0 ? result : undefined;
}
