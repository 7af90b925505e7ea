import { setTimeout as sleep } from "node:timers/promises";
import type { ProviderContext } from "../../provider.ts";
import type { JsonObject } from "../json-object.ts";
import { describe } from "../kube-object.ts";
import { explain, summarize } from "./explain.ts";
import type { Judge } from "./readiness.ts";

import type { ClusterReader, Verdict } from "./verdict.ts";

/** First and longest pause between two looks, in milliseconds. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;
/** Pods and events behind a waiting object are looked at this often, in milliseconds. */
const DETAIL_EVERY_MS = 3000;

export interface WaitOptions {
  judge: Judge;
  timeoutSeconds: number;
  /** Reads the object as it is now; undefined if it is gone. */
  look: () => Promise<JsonObject | undefined>;
  reader: ClusterReader;
  context: ProviderContext;
}

/** Waits until an object is ready. Returns it as it then is, and why it is not ready if it did not get so. */
export async function waitUntilReady(
  first: JsonObject,
  { judge, timeoutSeconds, look, reader, context }: WaitOptions,
): Promise<{ live: JsonObject; reasons: string[] }> {
  const deadline = Date.now() + 1000 * timeoutSeconds;
  let live = first;
  let nextDetail = Date.now() + DETAIL_EVERY_MS;
  let detail: string | undefined;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(1.4 * pause, LONGEST_PAUSE_MS)) {
    const verdict: Verdict = await judge(live, reader);
    if (verdict.state === "ready") return { live, reasons: [] };
    if (verdict.state === "failed")
      return {
        live,
        reasons: [
          ...verdict.reasons.map((reason) => `${describe(live)}: ${reason}`),
          ...(await explain(live, reader)),
        ],
      };
    if (context.signal.aborted)
      return { live, reasons: [`${describe(live)}: interrupted: ${verdict.message}`] };
    if (Date.now() >= deadline)
      return { live, reasons: await timedOut(live, verdict.message, timeoutSeconds, reader) };
    if (Date.now() >= nextDetail) {
      detail = await summarize(live, reader);
      nextDetail = Date.now() + DETAIL_EVERY_MS;
    }
    context.status(detail === undefined ? verdict.message : `${verdict.message}; ${detail}`);
    await sleep(Math.min(pause, Math.max(1, deadline - Date.now())), undefined, {
      signal: context.signal,
    }).catch(() => undefined);
    const next = await look();
    if (next === undefined)
      return { live, reasons: [`${describe(live)}: it was deleted while it was waited for`] };
    live = next;
  }
}

async function timedOut(
  live: JsonObject,
  message: string,
  seconds: number,
  reader: ClusterReader,
): Promise<string[]> {
  const fix =
    "raise it with customTimeouts or the annotation pulumi.com/timeoutSeconds if it only needs longer";
  return [
    `${describe(live)}: not ready after ${seconds} s: ${message}; ${fix}`,
    ...(await explain(live, reader)),
  ];
}
