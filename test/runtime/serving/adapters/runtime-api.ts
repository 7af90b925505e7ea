import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the function said about an invocation, or about its start. */
export interface Report {
  path: string;
  headers: IncomingMessage["headers"];
  json: unknown;
}

export interface RuntimeApi {
  /** `host:port`, as in AWS_LAMBDA_RUNTIME_API. */
  address: string;
  /** Hands an event to whoever waits for the next one; resolves with what is said about it. */
  invoke(event: string | object, options?: { id?: string; timeoutMs?: number }): Promise<Report>;
  /** Resolves with what is said about a start that failed. */
  initError: Promise<Report>;
  /** Whether the function waits for an event. */
  waiting(): boolean;
  close(): Promise<void>;
}

/** Bytes of a response at most: Lambda's is 6 MB. */
const MAX_RESPONSE_BYTES = 6_000_000;

/** Plays Lambda's side of the Runtime API over HTTP, as documented: one function, one event at a time. */
export async function runtimeApi(): Promise<RuntimeApi> {
  const events: { id: string; body: string; timeoutMs: number }[] = [];
  const reports = new Map<string, (report: Report) => void>();
  let waiter: ServerResponse | undefined;
  let onInitError: (report: Report) => void = () => {};
  let count = 0;

  function dispatch(): void {
    if (waiter === undefined || events.length === 0) return;
    const { id, body, timeoutMs } = events.shift()!;
    waiter
      .writeHead(200, {
        "content-type": "application/json",
        "lambda-runtime-aws-request-id": id,
        "lambda-runtime-deadline-ms": String(Date.now() + timeoutMs),
        "lambda-runtime-invoked-function-arn": "arn:aws:lambda:us-east-1:111122223333:function:slipway",
        "lambda-runtime-trace-id":
          "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1",
      })
      .end(body);
    waiter = undefined;
  }

  const server = createServer((request, response) => {
    const path = (request.url ?? "").replace("/2018-06-01/runtime", "");
    if (request.method === "GET" && path === "/invocation/next") {
      waiter = response;
      response.on("close", () => {
        if (waiter === response) waiter = undefined;
      });
      dispatch();
      return;
    }
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      if (path.endsWith("/response") && body.length > MAX_RESPONSE_BYTES) {
        response.writeHead(413).end('{"errorType":"RequestEntityTooLarge"}');
        return;
      }
      const report = { path, headers: request.headers, json: JSON.parse(body.toString()) as unknown };
      response.writeHead(202).end('{"status":"OK"}');
      if (path === "/init/error") onInitError(report);
      else reports.get(path.split("/")[2] ?? "")?.(report);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    invoke(event, { id = `request-${++count}`, timeoutMs = 10_000 } = {}) {
      const reported = new Promise<Report>((resolve) => reports.set(id, resolve));
      events.push({ id, body: typeof event === "string" ? event : JSON.stringify(event), timeoutMs });
      dispatch();
      return reported;
    },
    initError: new Promise((resolve) => (onInitError = resolve)),
    waiting: () => waiter !== undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
