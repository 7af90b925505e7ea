import { at, isObject, objectsAt, same, textAt } from "./json-object.ts";
import type { Json, JsonObject } from "./json-object.ts";
import type { PropertyPath } from "./property-path.ts";

/** Returns the names of all managers that own fields of a live object, oldest first. */
export function fieldManagers(live: JsonObject): string[] {
  const names = objectsAt(live, "metadata", "managedFields").map((entry) => textAt(entry, "manager") ?? "");
  return [...new Set(names)];
}

/** Whether a manager has applied (not merely updated) this object. */
export function isAppliedBy(live: JsonObject, manager: string): boolean {
  return objectsAt(live, "metadata", "managedFields").some(
    (entry) => textAt(entry, "manager") === manager && textAt(entry, "operation") === "Apply",
  );
}

/** Returns the managers that own a field of a live object or something below it. */
export function ownersOf(live: JsonObject, path: PropertyPath): string[] {
  const owners = objectsAt(live, "metadata", "managedFields")
    .filter((entry) => owns(at(entry, "fieldsV1"), live, path))
    .map((entry) => textAt(entry, "manager") ?? "");
  return [...new Set(owners)];
}

/**
 * Walks a `fieldsV1` tree, in which `f:name` is a field, `k:{...}` a list element by its keys and `v:...` one by value.
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
function owns(fields: Json | undefined, live: Json | undefined, path: PropertyPath): boolean {
  if (!isObject(fields)) return false;
  const [step, ...rest] = path;
  if (step === undefined) return true;
  if (typeof step === "string") return owns(fields[`f:${step}`], at(live, step), rest);
  const element = at(live, step);
  const key = Object.keys(fields).find((candidate) => isKeyOf(candidate, element, step));
  return key !== undefined && owns(fields[key], element, rest);
}

function isKeyOf(candidate: string, element: Json | undefined, index: number): boolean {
  const content = candidate.slice(2);
  if (candidate.startsWith("i:")) return Number(content) === index;
  if (candidate.startsWith("v:")) return same(JSON.parse(content) as Json, element);
  if (!candidate.startsWith("k:")) return false;
  const keys = JSON.parse(content) as JsonObject;
  return Object.entries(keys).every(([name, value]) => same(at(element, name), value));
}
