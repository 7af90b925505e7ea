import { Agent, request } from "node:http";
import { RuntimeFault, describeError } from "../../errors.ts";
import { tryJson } from "./ask.ts";

/** One event for the function. */
export interface Invocation {
  id: string;
  event: unknown;
  /** Deadline of the answer in Unix milliseconds. */
  deadlineMs: number;
}

/** The Lambda Runtime API. @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export interface LambdaRuntime {
  /** Waits for the next invocation without a timeout: Lambda freezes the process meanwhile. Rejects when `signal` is aborted. */
  next(signal: AbortSignal): Promise<Invocation>;
  respond(id: string, result: unknown): Promise<void>;
  fail(id: string, error: unknown): Promise<void>;
  /** Reports that the function cannot start. */
  initFailed(error: unknown): Promise<void>;
  close(): void;
}

const PREFIX = "/2018-06-01/runtime";

interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** @param api - AWS_LAMBDA_RUNTIME_API: `host:port` */
export function lambdaRuntime(api: string): LambdaRuntime {
  // Uses node:http, because the timeouts of fetch would fire when a frozen process continues after minutes.
  const agent = new Agent({ keepAlive: true });
  const origin = `http://${api}${PREFIX}`;

  function call(method: string, path: string, body?: string, options: CallOptions = {}): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const { signal, headers = {} } = options;
      const sent = request(`${origin}${path}`, { method, agent, signal, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const { statusCode = 0 } = response;
          resolve({ status: statusCode, headers: response.headers, body: Buffer.concat(chunks) });
        });
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  async function post(path: string, body: string, headers: Record<string, string> = {}): Promise<void> {
    const reply = await call("POST", path, body, {
      headers: { "content-type": "application/json", ...headers },
    });
    if (reply.status >= 300) {
      const code = reply.status === 413 ? "response-too-large" : "runtime-api";
      const excerpt = reply.body.toString().slice(0, 200);
      throw new RuntimeFault(
        code,
        502,
        `lambda: ${path} must be accepted, got status ${reply.status}: ${excerpt}`,
      );
    }
  }

  const postError = (path: string, error: unknown): Promise<void> => {
    const report = errorReport(error);
    return post(path, JSON.stringify(report), {
      "lambda-runtime-function-error-type": report.errorType,
    });
  };

  return {
    async next(signal) {
      const { status, headers, body } = await call("GET", "/invocation/next", undefined, { signal });
      const id = headers["lambda-runtime-aws-request-id"];
      if (status !== 200 || typeof id !== "string")
        throw new RuntimeFault(
          "runtime-api",
          502,
          `lambda: the next invocation must have status 200, got status ${status}`,
        );
      return {
        id,
        event: tryJson(body),
        deadlineMs: Number(headers["lambda-runtime-deadline-ms"] ?? Infinity),
      };
    },
    respond: (id, result) => post(`/invocation/${id}/response`, JSON.stringify(result ?? null)),
    fail: (id, error) => postError(`/invocation/${id}/error`, error),
    initFailed: (error) => postError("/init/error", error),
    close: () => agent.destroy(),
  };
}

interface CallOptions {
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

/** Returns the error for the caller: the message of an expected fault, but no detail of a defect. */
function errorReport(error: unknown): { errorMessage: string; errorType: string; stackTrace: string[] } {
  if (error instanceof RuntimeFault)
    return { errorMessage: describeError(error), errorType: `Slipway.${error.name}`, stackTrace: [] };
  return {
    errorMessage: "internal error; the function's log has the cause",
    errorType: "Slipway.Defect",
    stackTrace: [],
  };
}
