import { at, isObject, same, textAt } from "./json-object.ts";
import type { Json, JsonObject } from "./json-object.ts";
import { kindOf } from "./kube-object.ts";
import { pairItems } from "./list-items.ts";
import { liveInputs } from "./live-inputs.ts";
import type { PropertyPath } from "./property-path.ts";

/** Where a kind's update strategy lies: the server fills in `rollingUpdate`, which any other type forbids. */
const STRATEGIES: Record<string, string> = {
  Deployment: "strategy",
  StatefulSet: "updateStrategy",
  DaemonSet: "updateStrategy",
};

/**
 * Returns an object to apply before `after`, so that the server's defaults are removed together with the fields that the program
 * no longer declares; undefined if no default would remain.
 *
 * Server-side apply removes only fields that the manager owns, and nobody owns a default. A probe that changes from
 * `httpGet` to `tcpSocket`, a volume from `secret` to `configMap`, or a strategy from RollingUpdate to Recreate would keep the old
 * default beside the new field, which the server forbids. Applying the live object with these defaults changes only their owner;
 * the next apply then removes them.
 */
export function ownershipOfLeftovers(
  live: JsonObject,
  before: JsonObject,
  after: JsonObject,
): JsonObject | undefined {
  const found = { any: false };
  const own = liveInputs(live, before);
  const claim = withLeftovers([], live, own, after, found) as JsonObject;
  const withStrategy = withRollingUpdate(claim, live, after, found);
  return found.any ? withStrategy : undefined;
}

/** What is owned, and all that stands below a map that `after` drops. */
function withLeftovers(
  path: PropertyPath,
  live: Json,
  own: Json,
  after: Json | undefined,
  found: { any: boolean },
): Json {
  if (path[0] === "metadata") return own; // the server has no defaults there
  if (isObject(live) && isObject(own)) {
    const entries = Object.entries(own).map(([key, value]): [string, Json] => {
      const current = live[key];
      const next = at(after, key);
      if (current === undefined || !isObject(after)) return [key, value];
      if (next !== undefined) return [key, withLeftovers([...path, key], current, value, next, found)];
      if (!isObject(value) || same(current, value)) return [key, value];
      found.any = true;
      return [key, current];
    });
    return Object.fromEntries(entries);
  }
  if (!Array.isArray(live) || !Array.isArray(own) || !Array.isArray(after)) return own;
  const inLive = pairItems(path, own, live);
  const inAfter = pairItems(path, own, after);
  if (inLive === undefined || inAfter === undefined) return own; // a list that is one value goes as a whole
  return own.map((item, index) => {
    const [current, next] = [live[inLive[index] ?? -1], after[inAfter[index] ?? -1]];
    if (current === undefined || next === undefined) return item;
    return withLeftovers([...path, index], current, item, next, found);
  });
}

function withRollingUpdate(
  claim: JsonObject,
  live: JsonObject,
  after: JsonObject,
  found: { any: boolean },
): JsonObject {
  const field = STRATEGIES[kindOf(live)];
  const spec = claim["spec"];
  if (field === undefined || !isObject(spec)) return claim;
  const type = textAt(after, "spec", field, "type");
  const strategy = at(live, "spec", field);
  if (type === undefined || type === "RollingUpdate" || at(strategy, "rollingUpdate") === undefined)
    return claim;
  found.any = true;
  return { ...claim, spec: { ...spec, [field]: strategy as Json } };
}
