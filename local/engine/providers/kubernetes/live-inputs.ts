import { isObject, same } from "./json-object.ts";
import type { Json, JsonObject } from "./json-object.ts";
import { apiVersionOf, groupOf, isBuiltIn } from "./kube-object.ts";
import { pairItems } from "./list-items.ts";
import { sameQuantity } from "./quantity.ts";
import type { PropertyPath } from "./property-path.ts";
import { SERVER_METADATA } from "./server-metadata.ts";

/** Old API servers write `selfLink` too. */
const SERVER_SET = [...SERVER_METADATA, "selfLink"];

/** Returns a live object without what only the server writes: the inputs of an import. */
export function importedInputs(live: JsonObject): JsonObject {
  const { status: _status, metadata, ...rest } = live;
  if (!isObject(metadata)) return rest;
  return {
    ...rest,
    metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => !SERVER_SET.includes(key))),
  };
}

/**
 * Returns the live values of what a program declared, in the shape in which it declared them: fields that it left to the
 * server stay out, and a value that means the same keeps the program's spelling. What is gone from the cluster is left
 * out, which is how a refresh shows drift.
 */
export function liveInputs(live: JsonObject, declared: JsonObject): JsonObject {
  const dropsZeros = isBuiltIn(groupOf(apiVersionOf(declared) || apiVersionOf(live)));
  return pruneObject([], live, declared, dropsZeros);
}

function prune(path: PropertyPath, live: Json, declared: Json, dropsZeros: boolean): Json {
  if (isObject(live) && isObject(declared)) return pruneObject(path, live, declared, dropsZeros);
  if (Array.isArray(live) && Array.isArray(declared)) return pruneList(path, live, declared, dropsZeros);
  return same(live, declared) || sameQuantity(path, live, declared) ? declared : live;
}

function pruneObject(
  path: PropertyPath,
  live: JsonObject,
  declared: JsonObject,
  dropsZeros: boolean,
): JsonObject {
  const entries = Object.entries(declared).flatMap(([key, value]): [string, Json][] => {
    if (Object.hasOwn(live, key)) return [[key, prune([...path, key], live[key] as Json, value, dropsZeros)]];
    return dropsZeros && isDropped([...path, key], value) ? [[key, value]] : [];
  });
  return Object.fromEntries(entries);
}

function pruneList(path: PropertyPath, live: Json[], declared: Json[], dropsZeros: boolean): Json[] {
  const pairs = pairItems(path, declared, live);
  if (pairs === undefined && live.length !== declared.length) return live;
  return declared.flatMap((item, index) => {
    const match = live[pairs === undefined ? index : (pairs[index] ?? -1)];
    return match === undefined ? [] : [prune([...path, index], match, item, dropsZeros)];
  });
}

/** Maps whose entries a program names itself: the server keeps an entry that is empty text. */
const OPEN_MAPS = new Set<unknown>(
  "data binaryData labels annotations matchLabels nodeSelector selector parameters options".split(" "),
);

/** Whether the server leaves the value out when it stores an object of its own kinds: there it means the same as nothing. */
function isDropped(path: PropertyPath, value: Json): boolean {
  if (OPEN_MAPS.has(path.at(-2))) return false;
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return Object.entries(value).every(([key, item]) => isDropped([...path, key], item));
  return value === null || value === false || value === 0 || value === "";
}
