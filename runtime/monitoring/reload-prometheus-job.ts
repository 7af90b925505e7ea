import { z } from "zod";
import { parseFlags } from "../job.ts";
import type { Job } from "../job.ts";
import { reloadPrometheus } from "./reload-prometheus.ts";

const flagsSchema = z.strictObject({
  url: z.url(),
  fingerprint: z.string().min(1),
  "timeout-seconds": z.coerce.number().min(1).default(240),
});

/**
 * `slipway reload-prometheus --url URL --fingerprint TEXT [--timeout-seconds 240]`: makes a running Prometheus read its changed
 * configuration. Without a restart of its pod, firing alerts stay active.
 */
export const reloadPrometheusJob: Job = async ({ args, log, signal }) => {
  const { url, fingerprint, "timeout-seconds": timeoutSeconds } = parseFlags(args, flagsSchema);
  const reloads = await reloadPrometheus({ url, fingerprint, timeoutMs: timeoutSeconds * 1000, signal });
  log.info("Prometheus has the configuration", { fingerprint, reloads });
  return undefined;
};
