import { isObject, same } from "./json-object.ts";
import type { Json } from "./json-object.ts";
import type { PropertyPath } from "./property-path.ts";

/** Fields that tell the items of a list apart: the API's own `x-kubernetes-list-map-keys`. */
const KEYS: Record<string, string[]> = {
  containers: ["name"],
  initContainers: ["name"],
  ephemeralContainers: ["name"],
  volumes: ["name"],
  env: ["name"],
  imagePullSecrets: ["name"],
  secrets: ["name"],
  resourceClaims: ["name"],
  webhooks: ["name"],
  volumeMounts: ["mountPath"],
  volumeDevices: ["devicePath"],
  hostAliases: ["ip"],
  ownerReferences: ["uid"],
  topologySpreadConstraints: ["topologyKey", "whenUnsatisfiable"],
};
const CONTAINER_LISTS = new Set<unknown>(["containers", "initContainers", "ephemeralContainers"]);

/** What the API server fills in where an item leaves a key out. */
const KEY_DEFAULTS: Record<string, Json> = { protocol: "TCP" };

/** The keys of the list at a path; undefined where the list as a whole is one value, such as `args`. */
function keysOf(path: PropertyPath): string[] | undefined {
  const name = path.at(-1);
  if (name !== "ports") return typeof name === "string" ? KEYS[name] : undefined;
  if (CONTAINER_LISTS.has(path.at(-3))) return ["containerPort", "protocol"];
  return path.length === 2 && path[0] === "spec" ? ["port", "protocol"] : undefined; // a Service's
}

/**
 * For each item of one list the index of the same item in another, undefined where it has none. The whole is undefined
 * where the items at this path have no keys. Of several items with one key each is paired once, in order.
 */
export function pairItems(
  path: PropertyPath,
  items: readonly Json[],
  others: readonly Json[],
): (number | undefined)[] | undefined {
  const keys = keysOf(path);
  if (keys === undefined || !items.every(isObject)) return undefined;
  const free = new Set(others.keys());
  return items.map((item) => {
    const found = [...free].find((index) => {
      const other = others[index];
      return isObject(other) && keys.every((key) => same(keyOf(item, key), keyOf(other, key)));
    });
    if (found !== undefined) free.delete(found);
    return found;
  });
}

function keyOf(item: Json, key: string): Json | undefined {
  return isObject(item) ? (item[key] ?? KEY_DEFAULTS[key]) : undefined;
}
