import { setTimeout as sleep } from "node:timers/promises";
import type { ProviderContext } from "../../../provider.ts";
import { at, objectsAt, textAt } from "../json-object.ts";
import type { JsonObject } from "../json-object.ts";
import { describe, kindOf } from "../kube-object.ts";

export interface GoneOptions {
  uid: string | undefined;
  timeoutSeconds: number;
  look: () => Promise<JsonObject | undefined>;
  context: ProviderContext;
}

/** Names what delays the deletion of an object: its finalizers or, for a namespace, the objects that are still in it. */
export function describeBlockers(object: JsonObject): string {
  const finalizers = at(object, "metadata", "finalizers");
  const held = Array.isArray(finalizers) ? finalizers.map(String) : [];
  const conditions = objectsAt(object, "status", "conditions")
    .filter(
      (condition) =>
        textAt(condition, "status") === "True" && textAt(condition, "type")?.startsWith("Namespace") === true,
    )
    .map((condition) => textAt(condition, "message") ?? "");
  if (kindOf(object) === "Namespace" && conditions.length > 0) return conditions.join("; ");
  if (held.includes("foregroundDeletion")) return "what it owns is still being deleted";
  return held.length > 0 ? `held by its finalizers: ${held.join(", ")}` : "its containers are still stopping";
}

/** Waits until an object no longer exists (or another has taken its name). Throws, saying what holds it, when time is up. */
export async function waitUntilGone({ uid, timeoutSeconds, look, context }: GoneOptions): Promise<void> {
  const deadline = Date.now() + 1000 * timeoutSeconds;
  for (let pause = 50; ; pause = Math.min(1.5 * pause, 1000)) {
    const live = await look();
    if (live === undefined || (uid !== undefined && textAt(live, "metadata", "uid") !== uid)) return;
    const holds = describeBlockers(live);
    if (context.signal.aborted)
      throw new Error(`${describe(live)}: interrupted while it was being deleted: ${holds}`);
    if (Date.now() >= deadline)
      throw new Error(
        `${describe(live)}: still there ${timeoutSeconds} s after its deletion: ${holds}; remove what holds it, or raise pulumi.com/timeoutSeconds`,
      );
    context.status(`deleting: ${holds}`);
    await sleep(pause, undefined, { signal: context.signal }).catch(() => undefined);
  }
}
