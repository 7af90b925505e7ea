import { conditionOf } from "./verdict.ts";
import { at, numberAt } from "../json-object.ts";
import type { JsonObject } from "../json-object.ts";
import { apiVersionOf, groupOf, kindOf } from "../kube-object.ts";

/** Whether a Job that is gone has removed itself after its end, by `ttlSecondsAfterFinished`, and not failed as far as was seen. */
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
