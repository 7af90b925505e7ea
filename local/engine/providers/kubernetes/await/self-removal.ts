import { conditionOf } from "./verdict.ts";
import { at, numberAt } from "../json-object.ts";
import type { JsonObject } from "../json-object.ts";
import { apiVersionOf, groupOf, kindOf } from "../kube-object.ts";

/** Whether a missing Job counts as finished: it removes itself by `ttlSecondsAfterFinished`, and had not failed when it was last seen. */
export function removesItself(declared: JsonObject, lastSeen: { status?: unknown }): boolean {
  if (kindOf(declared) !== "Job" || groupOf(apiVersionOf(declared)) !== "batch") return false;
  if (numberAt(declared, "spec", "ttlSecondsAfterFinished") === undefined) return false;
  const seen = lastSeen as JsonObject;
  return (
    at(seen, "status") !== undefined &&
    conditionOf(seen, "Failed")?.status !== "True" &&
    conditionOf(seen, "FailureTarget")?.status !== "True"
  );
}
