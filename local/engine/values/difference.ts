import type { PropertyDiff } from "../provider.ts";
import type { PropertyMap, PropertyValue } from "./property-value.ts";
import { Secret } from "./property-value.ts";
import { equalValues, isMap, isResourceReference } from "./values.ts";
import { formatPath } from "./property-path.ts";
import type { PathElement } from "./property-path.ts";

export interface Difference {
  path: string;
  kind: "add" | "delete" | "update";
  old?: PropertyValue;
  new?: PropertyValue;
  /** True if the old or the new value is inside a secret. */
  secret: boolean;
}

/** Returns every difference at its deepest path, in the order of the keys. */
export function differences(olds: PropertyMap, news: PropertyMap): Difference[] {
  const found: Difference[] = [];
  walk([], olds, news, false, found);
  return found;
}

function walk(
  path: readonly PathElement[],
  old: PropertyValue | undefined,
  now: PropertyValue | undefined,
  secret: boolean,
  found: Difference[],
): void {
  if (old instanceof Secret || now instanceof Secret) {
    walk(path, open(old), open(now), true, found);
  } else if (isPlainMap(old) && isPlainMap(now)) {
    for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
      walk([...path, key], old[key], now[key], secret, found);
    }
  } else if (Array.isArray(old) && Array.isArray(now)) {
    for (let i = 0; i < Math.max(old.length, now.length); i++)
      walk([...path, i], old[i], now[i], secret, found);
  } else if (!equalValues(old, now)) {
    const kind = old === undefined ? "add" : now === undefined ? "delete" : "update";
    found.push({ path: formatPath(path), kind, old, new: now, secret });
  }
}

function open(value: PropertyValue | undefined): PropertyValue | undefined {
  return value instanceof Secret ? value.value : value;
}

function isPlainMap(value: PropertyValue | undefined): value is PropertyMap {
  return isMap(value) && !isResourceReference(value);
}

/** Returns the differences in the form in which providers report them. */
export function detailedDifferences(olds: PropertyMap, news: PropertyMap): Record<string, PropertyDiff> {
  return Object.fromEntries(
    differences(olds, news).map(({ path, kind }) => [path, { kind, inputDiff: true }]),
  );
}
