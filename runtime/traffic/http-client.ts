import { Agent, request } from "node:http";
import { Unavailable, describeError } from "../errors.ts";

export interface HttpAnswer {
  status: number;
  /** The body as JSON; undefined if it is not JSON. */
  json: unknown;
  milliseconds: number;
}

export interface HttpRequest {
  /** Path below the base URL, such as `/v2/health/ready`. */
  path: string;
  /** Body of a POST. @default - none: the request is a GET */
  body?: string;
  /** Announces a body of this many bytes and waits for the answer without sending it. @default - none */
  announceBytes?: number;
}

/** Sends requests to one service over kept-alive connections. */
export interface HttpClient {
  /** Sends a request. Throws Unavailable if there is no answer. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  close(): void;
}

export interface HttpClientOptions {
  /** Base URL of the service, `http://host[:port][/path]`. */
  url: string;
  /** Greatest number of connections. @default 1 */
  connections?: number;
  /** @default 10000 */
  timeoutMs?: number;
}

export function httpClient({ url, connections = 1, timeoutMs = 10_000 }: HttpClientOptions): HttpClient {
  const base = url.replace(/\/+$/, "");
  const agent = new Agent({ keepAlive: true, maxSockets: connections });

  function once({ path, body, announceBytes }: HttpRequest): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const started = performance.now();
      const length = announceBytes ?? (body === undefined ? undefined : Buffer.byteLength(body));
      const sent = request(`${base}${path}`, {
        method: length === undefined ? "GET" : "POST",
        agent: announceBytes === undefined ? agent : false,
        headers: length === undefined ? {} : { "content-type": "application/json", "content-length": length },
        timeout: timeoutMs,
      });
      sent.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          resolve({
            status: response.statusCode ?? 0,
            json: parseJson(Buffer.concat(chunks).toString()),
            milliseconds: performance.now() - started,
          });
          if (announceBytes !== undefined) sent.destroy();
        });
      });
      sent.on("timeout", () => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)));
      sent.on("error", reject);
      if (announceBytes === undefined) sent.end(body);
      else sent.flushHeaders();
    });
  }

  return {
    async send(what) {
      try {
        return await once(what);
      } catch (error) {
        throw new Unavailable(`${base}${what.path}: no answer: ${describeError(error)}`, { cause: error });
      }
    },
    close: () => agent.destroy(),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
