import { isObject, same, textAt } from "./json-object.ts";
import type { Json, JsonObject } from "./json-object.ts";
import { kindOf } from "./kube-object.ts";
import { sameQuantity } from "./quantity.ts";
import type { PropertyPath } from "./property-path.ts";

const SERVER_SET = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
];

/** A live object without what only the server writes: what an import takes as its inputs. */
export function importedInputs(live: JsonObject): JsonObject {
  const { status: _status, metadata, ...rest } = live;
  if (!isObject(metadata)) return rest;
  return {
    ...rest,
    metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => !SERVER_SET.includes(key))),
  };
}

/**
 * The live values of what a program declared, in the shape in which it declared them: fields that it left to the server
 * stay out, and a value that means the same keeps the program's spelling. What is gone from the cluster is left out, which
 * is how a refresh shows drift.
 */
export function liveInputs(live: JsonObject, inputs: JsonObject): JsonObject {
  const pruned = prune([], live, inputs) as JsonObject;
  const declared = inputs["stringData"];
  if (kindOf(live) === "Secret" && isObject(declared)) pruned["stringData"] = liveStringData(live, declared);
  return pruned;
}

/** `stringData` is write-only: its live values are in `data`. */
function liveStringData(live: JsonObject, declared: JsonObject): JsonObject {
  const entries = Object.keys(declared).flatMap((key) => {
    const encoded = textAt(live, "data", key);
    return encoded === undefined ? [] : [[key, Buffer.from(encoded, "base64").toString("utf8")] as const];
  });
  return Object.fromEntries(entries);
}

function prune(path: PropertyPath, live: Json, declared: Json): Json {
  if (isObject(live) && isObject(declared)) {
    const entries = Object.keys(declared)
      .filter((key) => Object.hasOwn(live, key))
      .map((key) => [key, prune([...path, key], live[key] as Json, declared[key] as Json)] as const);
    return Object.fromEntries(entries);
  }
  if (Array.isArray(live) && Array.isArray(declared)) return pruneList(path, live, declared);
  return same(live, declared) || sameQuantity(path, live, declared) ? declared : live;
}

function pruneList(path: PropertyPath, live: Json[], declared: Json[]): Json[] {
  const key = ["name", "mountPath", "containerPort", "port"].find((candidate) =>
    declared.every((item) => isObject(item) && item[candidate] !== undefined),
  );
  if (key === undefined) {
    if (live.length !== declared.length) return live;
    return live.map((item, index) => prune([...path, index], item, declared[index] as Json));
  }
  return declared.flatMap((item, index) => {
    const match = live.find(
      (candidate) => isObject(candidate) && same(candidate[key], (item as JsonObject)[key]),
    );
    return match === undefined ? [] : [prune([...path, index], match, item)];
  });
}
