import type { JsonObject } from "../json-object.ts";
import { objectAt, objectsAt, textAt } from "../json-object.ts";

/** Whether an object is ready. */
export type Verdict =
  | { state: "ready" }
  /** `message` says what is still missing. */
  | { state: "waiting"; message: string }
  /** It will not get ready by waiting. */
  | { state: "failed"; reasons: string[] };

export const READY: Verdict = { state: "ready" };

export function waiting(message: string): Verdict {
  return { state: "waiting", message };
}

export function failed(...reasons: string[]): Verdict {
  return { state: "failed", reasons };
}

/** Reads other objects for a readiness rule. */
export interface ClusterReader {
  /** Undefined if it does not exist or may not be read. */
  get(
    apiVersion: string,
    kind: string,
    namespace: string | undefined,
    name: string,
  ): Promise<JsonObject | undefined>;
  /** Empty if there are none or they may not be read. */
  list(
    apiVersion: string,
    kind: string,
    namespace: string | undefined,
    query?: ListQuery,
  ): Promise<JsonObject[]>;
  /** Returns the last lines of a container's log; empty if there is none. `previous` means the run before the current one. */
  log(
    namespace: string,
    pod: string,
    container: string,
    options: { lines: number; previous: boolean },
  ): Promise<string>;
}

export interface ListQuery {
  labelSelector?: string;
  fieldSelector?: string;
}

export interface Condition {
  status: string;
  reason: string;
  message: string;
  /** When it last changed; empty where it does not say. */
  since: string;
}

/** Returns one of an object's `status.conditions`. */
export function conditionOf(object: JsonObject, type: string): Condition | undefined {
  const found = objectsAt(object, "status", "conditions").find(
    (condition) => textAt(condition, "type") === type,
  );
  if (found === undefined) return undefined;
  return {
    status: textAt(found, "status") ?? "Unknown",
    reason: textAt(found, "reason") ?? "",
    message: textAt(found, "message") ?? "",
    since: textAt(found, "lastUpdateTime") ?? textAt(found, "lastTransitionTime") ?? "",
  };
}

/** Writes a label selector for a query; undefined where it selects nothing. */
export function selectorText(selector: JsonObject | undefined): string | undefined {
  const labels = objectAt(selector, "matchLabels") ?? {};
  const parts = Object.keys(labels).map((key) => `${key}=${textAt(labels, key) ?? ""}`);
  for (const expression of objectsAt(selector, "matchExpressions")) {
    const key = textAt(expression, "key") ?? "";
    const values = Array.isArray(expression["values"]) ? expression["values"].map(String).join(",") : "";
    const operator = textAt(expression, "operator");
    if (operator === "In") parts.push(`${key} in (${values})`);
    else if (operator === "NotIn") parts.push(`${key} notin (${values})`);
    else if (operator === "Exists") parts.push(key);
    else if (operator === "DoesNotExist") parts.push(`!${key}`);
  }
  return parts.length === 0 ? undefined : parts.join(",");
}
