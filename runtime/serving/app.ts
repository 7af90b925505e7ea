import fastify from "fastify";
import type { FastifyError, FastifyInstance, FastifyReply } from "fastify";
import { BadInput, RuntimeFault, describeError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { inference } from "./infer.ts";
import { modelVersion } from "./model-repository.ts";
import type { ModelRepository, ServedModel } from "./model-repository.ts";
import type { PredictionLog } from "./prediction-log.ts";
import type { ServingMetrics } from "./serving-metrics.ts";

export interface AppOptions {
  repository: ModelRepository;
  metrics: ServingMetrics;
  predictionLog: PredictionLog;
  log: Logger;
  /** Version of the server in its metadata. @default "unknown" */
  revision?: string;
  /** Bytes of one body at most. @default 4194304, what 4096 rows of 40 features take */
  maxBodyBytes?: number;
  /** Rows of one request at most: scoring blocks the event loop. @default 4096 */
  maxRows?: number;
  /** Unix milliseconds. @default Date.now */
  now?: () => number;
}

interface ModelParams {
  name: string;
  version?: string;
}

/** In a route, what stands before a `:verb`. */
const NAME = ":name([^:/]+)";

/**
 * The HTTP interface of the server: the REST form of the Open Inference Protocol (v2), and `:predict` (the URL and
 * shape of the V1 protocol), which looks features up by entity. Builds, and does not listen.
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */
export function buildApp(options: AppOptions): FastifyInstance {
  const { repository, metrics, predictionLog, log, revision = "unknown" } = options;
  const { maxBodyBytes = 4 * 1024 * 1024, maxRows = 4096, now = Date.now } = options;
  const app = fastify({
    bodyLimit: maxBodyBytes,
    requestTimeout: 30_000, // for the whole request to arrive: a slow sender must not hold a connection for ever
    return503OnClosing: false, // requests on open connections are answered to the last one
    forceCloseConnections: "idle",
    exposeHeadRoutes: false,
  });
  const inferences = inference({ metrics, log: predictionLog, maxRows, now });

  // JSON is the only format: read it whatever a client calls it (curl -d says it is a form).
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, app.getDefaultJsonParser("error", "error"));
  app.addHook("onRequest", async (request) => {
    metrics.requestStarted();
    if (request.headers["inference-header-content-length"] !== undefined)
      throw new BadInput("binary tensors are not supported; send and ask for data as JSON");
  });
  app.addHook("onSend", async (_request, reply) => {
    // A draining server asks its callers to come back on another connection, and so to another server.
    if (repository.state === "draining") reply.header("connection", "close");
  });
  app.addHook("onResponse", async (request, reply) => {
    const path = request.routeOptions.url?.replace(NAME, ":name").replaceAll("::", ":") ?? "unmatched";
    const labels = { method: request.method, path, status_code: reply.statusCode };
    metrics.requestEnded(labels, reply.elapsedTime / 1000);
  });

  const ready = (): boolean => repository.state === "ready";
  const status = async (reply: FastifyReply, ok: boolean, body: object): Promise<object> =>
    reply.status(ok ? 200 : 503).send(body);
  app.get("/v2", async () => ({ name: "slipway", version: revision, extensions: [] }));
  app.get("/v2/health/live", async () => ({ live: true }));
  app.get("/v2/health/ready", (_request, reply) => status(reply, ready(), { live: ready() }));
  for (const path of ["/v2/models/:name", "/v2/models/:name/versions/:version"]) {
    const find = ({ name, version }: ModelParams): ServedModel => repository.find(name, version);
    app.get<{ Params: ModelParams }>(path, async ({ params }) => modelMetadata(find(params)));
    app.get<{ Params: ModelParams }>(`${path}/ready`, ({ params }, reply) =>
      status(reply, ready(), { name: find(params).card.name, ready: ready() }),
    );
    app.post<{ Params: ModelParams }>(`${path}/infer`, async ({ params, body }) =>
      inferences.infer(find(params), body),
    );
  }
  app.post<{ Params: ModelParams }>(`/v1/models/${NAME}::predict`, async ({ params, body }) =>
    inferences.predict(repository.find(params.name), body),
  );

  app.setNotFoundHandler((request, reply) =>
    reply.status(404).send({ error: `no route ${request.method} ${request.url.split("?")[0]}` }),
  );
  app.setErrorHandler((error: FastifyError | RuntimeFault, request, reply) => {
    const { status, message } = toAnswer(error, maxBodyBytes);
    if (status >= 500)
      log.error("request failed", {
        path: request.routeOptions.url,
        error: describeError(error),
        ...(error instanceof RuntimeFault ? {} : { stack: error.stack }),
      });
    return reply.status(status).send({ error: message });
  });
  return app;
}

function modelMetadata({ card, digest }: ServedModel): object {
  const { name, input, output, features, threshold } = card;
  return {
    name,
    versions: [modelVersion(digest)],
    platform: "onnxruntime_onnx",
    inputs: [input],
    outputs: [output],
    parameters: { digest, workload: card.workload, threshold, features: features.map((each) => each.name) },
  };
}

/** What a caller is told: all of a foreseen fault, nothing of a defect. */
function toAnswer(
  error: FastifyError | RuntimeFault,
  maxBodyBytes: number,
): { status: number; message: string } {
  if (error instanceof RuntimeFault) return { status: error.status, message: describeError(error) };
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE")
    return { status: 413, message: `body must be at most ${maxBodyBytes} bytes; send fewer rows at a time` };
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500) return { status, message: `body must be JSON: ${error.message}` };
  return { status: 500, message: "internal error; the server's log has the cause" };
}
