import { setTimeout as sleep } from "node:timers/promises";
import type { ProviderContext } from "../../../provider.ts";
import type { JsonObject } from "../json-object.ts";
import { describe } from "../kube-object.ts";
import { CrashWatch } from "./crash-watch.ts";
import { explain, summarize } from "./explain.ts";
import type { Judge } from "./readiness.ts";
import { removesItself } from "./self-removal.ts";
import type { ClusterReader } from "./verdict.ts";

/** First and longest pause between two reads of the object, in milliseconds. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;
/** Pause between two reads of the pods and events behind the object, in milliseconds. */
const DETAIL_EVERY_MS = 3000;

export interface WaitOptions {
  judge: Judge;
  timeoutSeconds: number;
  /** Reads the object as it is now; undefined if it is gone. */
  look: () => Promise<JsonObject | undefined>;
  reader: ClusterReader;
  context: ProviderContext;
}

/**
 * Waits until an object is ready, or until one of its containers has crashed twice for the same reason. Returns the object in its
 * last state and, if it is not ready, the reasons.
 */
export async function waitUntilReady(
  first: JsonObject,
  { judge, timeoutSeconds, look, reader, context }: WaitOptions,
): Promise<{ live: JsonObject; reasons: string[] }> {
  const deadline = Date.now() + 1000 * timeoutSeconds;
  const report = problemReporter(reader, context);
  let live = first;
  const giveUp = async (reasons: string[]): Promise<{ live: JsonObject; reasons: string[] }> => {
    const named = reasons.map((reason) => `${describe(live)}: ${reason}`);
    return { live, reasons: [...named, ...(await explain(live, named, reader))] };
  };
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(1.4 * pause, LONGEST_PAUSE_MS)) {
    const verdict = await judge(live, reader, first);
    if (verdict.state === "ready") return { live, reasons: [] };
    if (verdict.state === "failed") return giveUp(verdict.reasons);
    const { message } = verdict;
    if (context.signal.aborted) return { live, reasons: [`${describe(live)}: interrupted: ${message}`] };
    if (Date.now() >= deadline)
      return giveUp([
        `not ready after ${timeoutSeconds} s: ${message}; raise it with customTimeouts or the annotation pulumi.com/timeoutSeconds if it only needs longer`,
      ]);
    const crash = await report(live, message);
    if (crash !== undefined) return giveUp([`${crash}; fix it and run again: waiting would not help`]);
    const milliseconds = Math.min(pause, Math.max(1, deadline - Date.now()));
    await sleep(milliseconds, undefined, { signal: context.signal }).catch(() => undefined);
    const next = await look();
    if (next === undefined) {
      if (!removesItself(live, live))
        return { live, reasons: [`${describe(live)}: it was deleted while it was waited for`] };
      context.log("info", `${describe(live)}: it finished and removed itself (ttlSecondsAfterFinished)`);
      return { live, reasons: [] };
    }
    live = next;
  }
}

/**
 * Returns a function that reports every change of what is missing, with the worst problem of the object's pods. That function
 * returns a reason if further waiting would not help.
 */
function problemReporter(
  reader: ClusterReader,
  context: ProviderContext,
): (live: JsonObject, message: string) => Promise<string | undefined> {
  const crashes = new CrashWatch();
  let nextDetail = Date.now() + DETAIL_EVERY_MS;
  let detail: string | undefined;
  let lastStatus: string | undefined;
  return async (live, message) => {
    let crash: string | undefined;
    if (Date.now() >= nextDetail) {
      crash = await crashes.look(live, reader);
      detail = await summarize(live, reader);
      nextDetail = Date.now() + DETAIL_EVERY_MS;
    }
    const line = detail === undefined ? message : `${message}; ${detail}`;
    if (line !== lastStatus) context.status(line);
    lastStatus = line;
    return crash;
  };
}
