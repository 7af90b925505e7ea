import { objectAt, same } from "../json-object.ts";
import type { JsonObject } from "../json-object.ts";
import { conditionOf, failed, READY, waiting } from "./verdict.ts";
import type { Verdict } from "./verdict.ts";

/** Ready once the API server serves the kind. */
export function judgeDefinition(definition: JsonObject): Verdict {
  const names = conditionOf(definition, "NamesAccepted");
  if (names?.status === "False") return failed(`its names are taken: ${names.message}`);
  return conditionOf(definition, "Established")?.status === "True" ? READY : waiting("not established yet");
}

/** Ready once the quota controller enforces what the spec says. */
export function judgeQuota(quota: JsonObject): Verdict {
  const enforced = same(objectAt(quota, "status", "hard") ?? {}, objectAt(quota, "spec", "hard") ?? {});
  return enforced ? READY : waiting("not enforced yet");
}

/**
 * Any other kind by its conditions, as kstatus reads them: Stalled fails, Reconciling waits, Ready decides.
 * @see https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md
 */
export function judgeByConditions(object: JsonObject): Verdict {
  const stalled = conditionOf(object, "Stalled");
  if (stalled?.status === "True") return failed(`stalled: ${stalled.message || stalled.reason}`);
  const reconciling = conditionOf(object, "Reconciling");
  if (reconciling?.status === "True") return waiting(reconciling.message || reconciling.reason);
  const ready = conditionOf(object, "Ready");
  if (ready === undefined || ready.status === "True") return READY;
  return waiting(ready.message || ready.reason || "not ready");
}
