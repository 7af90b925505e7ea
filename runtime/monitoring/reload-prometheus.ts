import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { Unavailable, describeError } from "../errors.ts";

export interface ReloadOptions {
  /** Base URL of Prometheus, started with `--web.enable-lifecycle`. */
  url: string;
  /** Text that occurs only in the new configuration. */
  fingerprint: string;
  /** Time after which it gives up, in milliseconds. */
  timeoutMs: number;
  /** @default 2000 */
  pauseMs?: number;
  signal: AbortSignal;
}

const configSchema = z.object({ data: z.object({ yaml: z.string() }) });

/**
 * Asks Prometheus to reload until it has the new configuration, and returns the number of reloads. The kubelet updates a changed
 * ConfigMap in a running pod within about a minute. Throws Unavailable with Prometheus' own reason.
 */
export async function reloadPrometheus(options: ReloadOptions): Promise<number> {
  const { url, fingerprint, timeoutMs, pauseMs = 2000, signal } = options;
  const deadline = Date.now() + timeoutMs;
  let reason = "the new configuration has not reached its pod";
  for (let reloads = 0; ; reloads++) {
    try {
      const { data } = configSchema.parse(await (await send(`${url}/api/v1/status/config`, "GET")).json());
      if (data.yaml.includes(fingerprint)) return reloads;
      const answer = await send(`${url}/-/reload`, "POST");
      if (!answer.ok) reason = (await answer.text()).trim().slice(0, 500);
    } catch (error) {
      reason = describeError(error);
    }
    if (Date.now() > deadline || signal.aborted)
      throw new Unavailable(`Prometheus has not loaded its new configuration: ${reason}`);
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

function send(url: string, method: "GET" | "POST"): Promise<Response> {
  return fetch(url, { method, signal: AbortSignal.timeout(10_000) });
}
