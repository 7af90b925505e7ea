import { at, isObject } from "./json-object.ts";
import type { Json, JsonObject } from "./json-object.ts";
import { pairItems } from "./list-items.ts";
import { ownersOf } from "./managed-fields.ts";
import { parsePath } from "./property-path.ts";
import type { PropertyPath } from "./property-path.ts";

/**
 * Returns the object to apply when some fields are ignored. A field that only others own is left out, so that this manager
 * does not take it over; one that this manager owns is sent with its live value, since leaving it out would remove it.
 * Nothing is added to a list that the program does not declare, nor a field that it does not declare and does not own.
 */
export function leaveIgnored(
  object: JsonObject,
  live: JsonObject,
  ignoreChanges: readonly string[],
  manager: string,
): JsonObject {
  let result = object;
  for (const path of ignoreChanges.flatMap((text) => expand(parsePath(text), object))) {
    const livePath = pathInLive(path, object, live);
    if (livePath === undefined) continue;
    const owners = ownersOf(live, livePath);
    const isOurs = owners.includes(manager);
    const value = at(live, ...livePath);
    if (owners.length > 0 && !isOurs) result = withoutValue(result, path);
    else if (value !== undefined && (isOurs || at(object, ...path) !== undefined))
      result = withValue(result, path, value);
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

/**
 * The same field in the live object, whose lists may hold items of others in between. Undefined where the path leads
 * through a list item that the program does not declare or that is not there.
 */
function pathInLive(path: PropertyPath, object: Json, live: Json): PropertyPath | undefined {
  const found: PropertyPath = [];
  let [declared, current]: [Json | undefined, Json | undefined] = [object, live];
  for (const [depth, step] of path.entries()) {
    let liveStep = step;
    if (typeof step === "number") {
      if (!Array.isArray(declared) || step >= declared.length || !Array.isArray(current)) return undefined;
      const pairs = pairItems(path.slice(0, depth), declared, current);
      const index = pairs === undefined ? step : pairs[step];
      if (index === undefined) return undefined;
      liveStep = index;
    }
    found.push(liveStep);
    [declared, current] = [at(declared, step), at(current, liveStep)];
  }
  return found;
}

function withValue(object: JsonObject, path: PropertyPath, value: Json): JsonObject {
  return replaceAt(object, path, () => value) as JsonObject;
}

function withoutValue(object: JsonObject, path: PropertyPath): JsonObject {
  return at(object, ...path) === undefined
    ? object
    : (replaceAt(object, path, () => undefined) as JsonObject);
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
