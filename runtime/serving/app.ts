import fastify from "fastify";
import type { IncomingMessage } from "node:http";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { BadInput, RuntimeFault } from "../errors.ts";
import type { Logger } from "../log.ts";
import { admission, type AdmissionOptions } from "./admission.ts";
import { failureLog } from "./failure-log.ts";
import { answerClientError, answerExpectations, toErrorAnswer } from "./http-errors.ts";
import { binaryRefused, MAX_ROWS } from "./infer-request.ts";
import { inference } from "./infer.ts";
import { excerpt } from "./json-value.ts";
import { modelVersion } from "./model-repository.ts";
import type { ModelRepository, ServedModel } from "./model-repository.ts";
import type { PredictionLog } from "./prediction-log.ts";
import { bodyReader, parseJsonBody, type BodyReaderOptions } from "./read-body.ts";
import { requestLifetimes } from "./request-lifetimes.ts";
import type { ServingMetrics } from "./serving-metrics.ts";

export interface AppOptions extends AdmissionOptions, Pick<BodyReaderOptions, "maxBufferedBytes"> {
  repository: ModelRepository;
  metrics: ServingMetrics;
  predictionLog: PredictionLog;
  log: Logger;
  /** Version of the server in its metadata. @default "unknown" */
  revision?: string;
  /** Bytes of one body at most. @default 4194304, what 4096 rows of 40 features take */
  maxBodyBytes?: number;
  /** Rows of one request at most. @default 4096 */
  maxRows?: number;
  /** Open connections at most; each may hold 64 KiB of a body. @default 1024 */
  maxConnections?: number;
  /** Throws for a request that may not pass, before its body is read. @default - all may */
  guard?: (request: IncomingMessage) => void;
  /** Unix milliseconds. @default Date.now */
  now?: () => number;
}

interface ModelParams {
  name: string;
  version?: string;
}

/** Parameter of a path that may be followed by a `:verb`. */
const NAME = ":name([^:/]+)";

/** Status in the metrics for a request whose caller left before the answer. */
const CALLER_LEFT = 499;

/**
 * Builds the HTTP interface of the server and does not listen: the REST form of the Open Inference Protocol (v2), and `:predict`
 * (with the URL and form of the V1 protocol), which looks features up by entity.
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */
export function buildApp(options: AppOptions): FastifyInstance {
  const { repository, metrics, predictionLog, log, revision = "unknown" } = options;
  const {
    maxBodyBytes = 4 * 1024 * 1024,
    maxRows = MAX_ROWS,
    maxConnections = 1024,
    guard = () => undefined,
    now = Date.now,
  } = options;
  const logFailure = failureLog(log, now);
  const answerError = (
    error: FastifyError | RuntimeFault,
    request: FastifyRequest,
    reply: FastifyReply,
  ): FastifyReply => {
    const { status, message } = toErrorAnswer(error);
    if (status >= 500) logFailure(request, error);
    if (status === 503) reply.header("retry-after", "1");
    if (status === 401) reply.header("www-authenticate", "Bearer");
    return reply.status(status).send({ error: message });
  };
  const app = fastify({
    bodyLimit: maxBodyBytes,
    requestTimeout: 30_000, // for the whole request to arrive: a slow sender must not hold a connection for ever
    return503OnClosing: false, // requests on open connections are answered to the last one
    forceCloseConnections: "idle",
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    http: { requireHostHeader: false }, // checked below, with an error message
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    clientErrorHandler: answerClientError,
  });
  app.server.maxConnections = maxConnections;
  answerExpectations(app.server);
  const lifetimes = requestLifetimes();
  const bodies = bodyReader({ ...options, maxBodyBytes });
  const inferences = inference({
    metrics,
    log: predictionLog,
    admission: admission(options),
    maxRows,
    now,
  });

  app.decorate("bodies", bodies);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", async (request: FastifyRequest, payload: FastifyRequest["raw"]) =>
    parseJsonBody(await bodies.read(request, payload)),
  );
  app.addHook("onRequest", async (request, reply) => {
    metrics.requestStarted();
    const started = performance.now();
    const path = request.routeOptions.url?.replace(NAME, ":name").replaceAll("::", ":") ?? "unmatched";
    // fastify does not call onResponse if the caller left.
    lifetimes.watch(request.raw, reply.raw, (answered) => {
      bodies.release(request);
      const status_code = answered ? reply.statusCode : CALLER_LEFT;
      metrics.requestEnded(
        { method: request.method, path, status_code },
        (performance.now() - started) / 1000,
      );
    });
    guard(request.raw);
    const { headers, httpVersion } = request.raw;
    if (httpVersion === "1.1" && headers.host === undefined) throw new BadInput("header host must be sent");
    if (headers["inference-header-content-length"] !== undefined) throw binaryRefused("body");
    // A body is JSON whatever its content type: curl -d sends that of a form, others send an invalid one.
    if (!MEDIA_TYPE.test(headers["content-type"] ?? JSON_TYPE)) headers["content-type"] = JSON_TYPE;
  });
  app.addHook("onSend", async (_request, reply) => {
    // A draining server makes its callers connect again, and so to another server.
    if (repository.state === "draining") reply.header("connection", "close");
  });

  const ready = (): boolean => repository.state === "ready";
  const status = async (reply: FastifyReply, ok: boolean, body: object): Promise<object> =>
    reply.status(ok ? 200 : 503).send(body);
  app.get("/v2", async () => ({ name: "slipway", version: revision, extensions: [] }));
  app.get("/v2/health/live", async () => ({ live: true }));
  // The protocol's table says `live` for both; KServe's client reads `ready`.
  app.get("/v2/health/ready", (_request, reply) => status(reply, ready(), { live: ready(), ready: ready() }));
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
  refuseOtherMethods(app);

  app.setNotFoundHandler((request, reply) =>
    reply.status(404).send({ error: `no route ${request.method} ${excerpt(request.url.split("?")[0])}` }),
  );
  app.setErrorHandler(answerError);
  return app;
}

const JSON_TYPE = "application/json";
/** @see https://www.rfc-editor.org/rfc/rfc9110#name-media-type */
const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+/;

/** Answers 405 to other methods than a route's own. */
function refuseOtherMethods(app: FastifyInstance): void {
  const get = ["/v2", "/v2/health/live", "/v2/health/ready"];
  const post = [`/v1/models/${NAME}::predict`];
  for (const model of ["/v2/models/:name", "/v2/models/:name/versions/:version"]) {
    get.push(model, `${model}/ready`);
    post.push(`${model}/infer`);
  }
  const refuse = (url: string, allowed: string, others: string[]): unknown =>
    app.route({
      method: others,
      url,
      onRequest: async (request, reply) => {
        reply.header("allow", allowed);
        throw new WrongMethod(
          `method of ${excerpt(request.url.split("?")[0])} must be ${allowed}, got ${request.method}`,
        );
      },
      handler: async () => undefined,
    });
  for (const url of get) refuse(url, "GET, HEAD", ["POST", "PUT", "PATCH", "DELETE"]);
  for (const url of post) refuse(url, "POST", ["GET", "PUT", "PATCH", "DELETE"]);
}

class WrongMethod extends RuntimeFault {
  constructor(message: string) {
    super("wrong-method", 405, message);
    this.name = "WrongMethod";
  }
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
