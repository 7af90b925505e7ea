import { Asset, Secret, Unknown } from "../../values/property-value.ts";
import type { DiffResult } from "../../provider.ts";
import type { PropertyMap, PropertyValue } from "../../values/property-value.ts";
import { touches } from "./immutable-fields.ts";
import { sameQuantity } from "./quantity.ts";
import { covers, formatPath, parsePath } from "./property-path.ts";
import type { PropertyPath } from "./property-path.ts";

export interface Change {
  path: PropertyPath;
  kind: "add" | "delete" | "update";
  before: PropertyValue | undefined;
  after: PropertyValue | undefined;
}

/** Returns the differences between old and new inputs, leaf by leaf. Null counts as absent, an unknown value as a change. */
export function compareInputs(before: PropertyMap, after: PropertyMap): Change[] {
  return compare([], before, after);
}

function compare(
  path: PropertyPath,
  before: PropertyValue | undefined,
  after: PropertyValue | undefined,
): Change[] {
  const [a, b] = [plain(before), plain(after)];
  if (a === undefined && b === undefined) return [];
  if (a === undefined) return [{ path, kind: "add", before: a, after: b }];
  if (b === undefined) return [{ path, kind: "delete", before: a, after: b }];
  if (Array.isArray(a) && Array.isArray(b)) {
    const length = Math.max(a.length, b.length);
    return Array.from({ length }, (_, index) => compare([...path, index], a[index], b[index])).flat();
  }
  if (isMap(a) && isMap(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.flatMap((key) => compare([...path, key], a[key], b[key]));
  }
  if (a === b || sameQuantity(path, a, b)) return [];
  return [{ path, kind: "update", before: a, after: b }];
}

function plain(value: PropertyValue | undefined): PropertyValue | undefined {
  if (value instanceof Secret) return plain(value.value);
  return value ?? undefined;
}

function isMap(value: PropertyValue): value is PropertyMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Unknown || value instanceof Secret || value instanceof Asset)
  );
}

/**
 * Leaves out empty lists that come or go. For kinds of Kubernetes itself an empty list is the same as none, and the state that the
 * CLI writes has none. In a custom resource it may mean something.
 */
export function withoutEmptyLists(changes: Change[], apiVersion: string): Change[] {
  const [group = ""] = apiVersion.split("/");
  if (group.includes(".") && !group.endsWith(".k8s.io")) return changes;
  const isEmpty = (value: PropertyValue | undefined): boolean =>
    value === undefined || (Array.isArray(value) && value.length === 0);
  return changes.filter(({ before, after }) => !(isEmpty(before) && isEmpty(after)));
}

/** Leaves out the changes that a program asked to ignore. */
export function withoutIgnored(changes: Change[], ignoreChanges: readonly string[]): Change[] {
  const ignored = ignoreChanges.map(parsePath);
  return changes.filter((change) => !ignored.some((path) => covers(path, change.path)));
}

/** Converts changes for the engine. A change that touches an immutable field replaces the resource. */
export function toDiffResult(
  changes: readonly Change[],
  immutable: readonly PropertyPath[],
): Omit<DiffResult, "deleteBeforeReplace"> {
  const result: Omit<DiffResult, "deleteBeforeReplace"> = {
    changes: changes.length > 0,
    replaces: [],
    detailedDiff: {},
  };
  for (const { path, kind, before, after } of changes) {
    const text = formatPath(path);
    const replaces = touches(immutable, path, before, after);
    if (replaces) result.replaces.push(text);
    result.detailedDiff[text] = { kind: replaces ? `${kind}-replace` : kind, inputDiff: true };
  }
  return result;
}
