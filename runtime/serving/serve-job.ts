import { once } from "node:events";
import { z } from "zod";
import { PORT } from "../contract/port.ts";
import { servingTargetEnvSchema } from "../contract/serving-target.ts";
import { parseEnv, parseFlags } from "../job.ts";
import type { Job } from "../job.ts";
import { startMetricsServer, type MetricsServer } from "../metrics-server.ts";
import { addRoutes } from "./adapters/routes.ts";
import { targetSettings } from "./adapters/target-settings.ts";
import { drain } from "./drain.ts";
import { gatewayPort } from "./gateway-port.ts";
import { modelServer } from "./model-server.ts";
import { serveLambda } from "./serve-lambda.ts";
import { servingSource } from "./serving-source.ts";
import { watchApiKeys } from "./watch-api-keys.ts";

const port = z.coerce.number().int().min(0).max(65_535);
const flagsSchema = z.strictObject({
  host: z.string().default("0.0.0.0"),
  /** Port; 0 means any free port, which the log names. @default - the port that the target requires */
  port: port.optional(),
  "metrics-port": port.default(PORT.metrics),
  /** Port on which requests need an API key. It is open if SLIPWAY_API_KEYS is set. */
  "gateway-port": port.default(PORT.gateway),
  /** Threads of one run of the model. */
  threads: z.coerce.number().int().min(1).default(1),
});

/**
 * `slipway serve [--host H] [--port N] [--metrics-port N] [--gateway-port N] [--threads N]`: serves the model of SLIPWAY_MODEL until it gets a
 * signal, then drains. It is live from the start, and ready once the model is pulled, verified and scores its examples. With
 * SLIPWAY_TARGET it also has the routes of that target; as a Lambda function it has no port.
 */
export const serveJob: Job = async ({ args, env: rawEnv, log, signal }) => {
  const flags = parseFlags(args, flagsSchema);
  const { SLIPWAY_TARGET: target } = parseEnv(rawEnv, servingTargetEnvSchema);
  if (target === "lambda") {
    await serveLambda({ env: rawEnv, log, signal, threads: flags.threads });
    return undefined;
  }
  const settings = targetSettings(target, rawEnv);
  const source = await servingSource(target, rawEnv);
  const keys = source.apiKeys === undefined ? undefined : await watchApiKeys(source.apiKeys, log);
  const gateway = keys && gatewayPort(keys.current);
  const server = modelServer({
    ...source,
    log,
    maxBodyBytes: settings.maxBodyBytes,
    ...(gateway === undefined ? {} : { guard: gateway.guard }),
  });
  const { app, repository, metrics } = server;
  gateway?.attach(app);
  if (settings.routes.length > 0) addRoutes(app, settings.routes, () => repository.only().card);
  let metricsServer: MetricsServer | undefined;
  try {
    metricsServer = await startMetricsServer(
      metrics.registry,
      flags.host,
      flags["metrics-port"],
      () => repository.state === "ready",
    );
    const address = await app.listen({ host: flags.host, port: flags.port ?? settings.port });
    const gatewayPortNumber = await gateway?.listen(flags.host, flags["gateway-port"]);
    log.info("listening", { address, metricsPort: metricsServer.port, gatewayPort: gatewayPortNumber });
    const ended = aborted(signal);
    const loading = server.load(flags.threads);
    loading.catch(() => undefined); // after a signal, a failure to load is irrelevant
    await Promise.race([loading, ended]);
    await ended;
    // A server that was never ready has no callers to wait for.
    const drainSeconds = repository.state === "ready" ? source.drainSeconds : 0;
    await drain({ app, repository, log, drainSeconds });
  } finally {
    await server.close();
    await metricsServer?.close();
    keys?.close();
  }
  return undefined;
};

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}
