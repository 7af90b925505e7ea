import type { FastifyRequest } from "fastify";
import { RuntimeFault, describeError } from "../errors.ts";
import type { Logger } from "../log.ts";

/** Time in which an overloaded server logs one refusal of a route. */
const QUIET_MS = 10_000;

/**
 * Returns what logs the requests that failed on the server's side. A server that refuses thousands of requests in a second
 * must not spend that second on its log: a refusal with status 503 is logged once in 10 seconds for each route and code,
 * with the number of those in between. `now` is in milliseconds.
 */
export function failureLog(log: Logger, now: () => number): (request: FastifyRequest, error: Error) => void {
  const quiet = new Map<string, { until: number; kept: number }>();
  return (request, error) => {
    const path = request.routeOptions.url;
    const fields = { path, error: describeError(error) };
    if (!(error instanceof RuntimeFault))
      return log.error("request failed", { ...fields, stack: error.stack });
    if (error.status !== 503) return log.error("request failed", fields);
    const key = `${error.code} ${path}`;
    const last = quiet.get(key);
    if (last !== undefined && now() < last.until) {
      last.kept++;
      return;
    }
    quiet.set(key, { until: now() + QUIET_MS, kept: 0 });
    const unlogged = last?.kept ?? 0;
    log.error("request failed", { ...fields, ...(unlogged === 0 ? {} : { unlogged }) });
  };
}
