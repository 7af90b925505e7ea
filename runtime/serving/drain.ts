import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import type { Logger } from "../log.ts";
import type { ModelRepository } from "./model-repository.ts";

export interface DrainOptions {
  app: FastifyInstance;
  repository: ModelRepository;
  log: Logger;
  /** Time in which callers learn that this server goes: they still find it, and get their answers. */
  drainSeconds: number;
}

/**
 * Ends a server without failing a request: readiness fails at once, requests are answered for `drainSeconds` while
 * endpoints are withdrawn (each answer asks its caller to reconnect, elsewhere), then the port closes with the idle
 * connections, and what is in flight is finished.
 */
export async function drain({ app, repository, log, drainSeconds }: DrainOptions): Promise<void> {
  repository.drain();
  log.info("draining", { drainSeconds });
  await sleep(drainSeconds * 1000);
  await app.close();
  log.info("drained");
}
