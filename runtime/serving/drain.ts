import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import type { Logger } from "../log.ts";
import type { ModelRepository } from "./model-repository.ts";

export interface DrainOptions {
  app: FastifyInstance;
  repository: ModelRepository;
  log: Logger;
  /** Time in which requests are still answered, until callers know that this server ends. */
  drainSeconds: number;
}

/**
 * Ends a server without failing a request. Readiness fails at once, and requests are answered for `drainSeconds` while endpoints are
 * withdrawn (each answer makes its caller reconnect to another server). Then the port and idle connections are closed, and requests
 * in flight are finished.
 */
export async function drain({ app, repository, log, drainSeconds }: DrainOptions): Promise<void> {
  repository.drain();
  log.info("draining", { drainSeconds });
  await sleep(drainSeconds * 1000);
  await app.close();
  log.info("drained");
}
