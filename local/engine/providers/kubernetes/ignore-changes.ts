import { at, isObject } from "./json-object.ts";
import type { Json, JsonObject } from "./json-object.ts";
import { ownersOf } from "./managed-fields.ts";
import { parsePath } from "./property-path.ts";
import type { PropertyPath } from "./property-path.ts";

/**
 * What to apply when some fields are ignored. A field that only others own is left out, so that this manager does not
 * take it over; one that this manager owns is sent with its live value, since leaving it out would remove it.
 */
export function leaveIgnored(
  object: JsonObject,
  live: JsonObject,
  ignoreChanges: readonly string[],
  manager: string,
): JsonObject {
  let result = object;
  for (const path of ignoreChanges.flatMap((text) => expand(parsePath(text), object))) {
    const owners = ownersOf(live, path);
    const value = at(live, ...path);
    if (owners.length > 0 && !owners.includes(manager)) result = withoutValue(result, path);
    else if (value !== undefined) result = withValue(result, path, value);
  }
  return result;
}

/** The paths that `*` stands for in an object. */
function expand(path: PropertyPath, object: Json | undefined): PropertyPath[] {
  const star = path.indexOf("*");
  if (star < 0) return [path];
  const parent = at(object, ...path.slice(0, star));
  const keys = Array.isArray(parent) ? [...parent.keys()] : isObject(parent) ? Object.keys(parent) : [];
  return keys.flatMap((key) => expand([...path.slice(0, star), key, ...path.slice(star + 1)], object));
}

function withValue(object: JsonObject, path: PropertyPath, value: Json): JsonObject {
  return replaceAt(object, path, () => value) as JsonObject;
}

function withoutValue(object: JsonObject, path: PropertyPath): JsonObject {
  return replaceAt(object, path, () => undefined) as JsonObject;
}

function replaceAt(
  value: Json | undefined,
  path: PropertyPath,
  change: () => Json | undefined,
): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return change();
  if (Array.isArray(value)) {
    const copy: (Json | undefined)[] = [...value];
    const index = Number(step);
    if (index < copy.length) copy[index] = replaceAt(copy[index], rest, change);
    return copy.filter((item): item is Json => item !== undefined);
  }
  const next = replaceAt(at(value, step), rest, change);
  const copy: JsonObject = isObject(value) ? { ...value } : {};
  if (next === undefined) delete copy[step];
  else copy[step] = next;
  return copy;
}
