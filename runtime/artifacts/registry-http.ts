import { setTimeout as sleep } from "node:timers/promises";
import type { ReadableStream } from "node:stream/web";
import { describeError, RuntimeFault } from "../errors.ts";
import type { Authorizer } from "./authorizer.ts";
import { RegistryError } from "./registry-error.ts";

export interface RegistryRequest {
  /** The action, for errors: `push blob flights.parquet`. */
  what: string;
  method?: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
  url: string;
  /** OAuth scope, such as `repository:flight-delays/dataset:pull,push`. */
  scope: string;
  headers?: Record<string, string>;
  /** Returns the body; called for each try. */
  body?: () => Uint8Array | ReadableStream;
  /** Statuses that the caller handles; others throw RegistryError. */
  accept: readonly number[];
}

export interface RegistryHttpOptions {
  origin: string;
  authorizer: Authorizer;
  fetch: typeof fetch;
  /** Number of retries after connection errors, 429 and 5xx. @default 4 */
  retries?: number;
  /** Wait before the first retry in milliseconds; doubles each time. @default 250 */
  backoffMs?: number;
  /** Longest wait for the start of the answer to a request without a body, in milliseconds. @default 60000 */
  answerMs?: number;
}

export type RegistryHttp = (request: RegistryRequest) => Promise<Response>;

/** Sends requests to a registry: answers its challenges, retries temporary failures and throws RegistryError for all others. */
export function registryHttp(options: RegistryHttpOptions): RegistryHttp {
  const { origin, authorizer, fetch: fetchImpl, retries = 4, backoffMs = 250, answerMs = 60_000 } = options;

  async function once(request: RegistryRequest, authorization: string | undefined): Promise<Response> {
    // Limits only the wait for the start of the answer: a large blob may take longer.
    const silence = new AbortController();
    const timer =
      request.body === undefined
        ? setTimeout(() => silence.abort(new Error(`no answer within ${answerMs} ms`)), answerMs)
        : undefined;
    return fetchImpl(request.url, {
      signal: silence.signal,
      method: request.method ?? "GET",
      headers: { ...request.headers, ...(authorization === undefined ? {} : { authorization }) },
      ...(request.body === undefined ? {} : { body: request.body(), duplex: "half" }),
    }).finally(() => clearTimeout(timer));
  }

  async function withAuthorization(request: RegistryRequest): Promise<Response> {
    const own = new URL(request.url).origin === origin; // only the registry itself gets the credentials
    for (let challenges = 0; ; challenges++) {
      const authorization = own ? await authorizer.header(request.scope) : undefined;
      const response = await once(request, authorization);
      if (response.status !== 401 || !own || challenges === 2) return response;
      const challenge = response.headers.get("www-authenticate");
      if (!(await authorizer.learn(challenge, request.scope, authorization))) return response;
      await response.body?.cancel();
    }
  }

  return async (request) => {
    for (let attempt = 0; ; attempt++) {
      const last = attempt >= retries;
      try {
        const response = await withAuthorization(request);
        if (request.accept.includes(response.status)) return response;
        const detail = await errorDetail(response);
        if (last || (response.status < 500 && response.status !== 429))
          throw new RegistryError(request.what, request.url, response.status, detail);
      } catch (error) {
        if (error instanceof RuntimeFault) throw error; // of the registry, or of its credentials
        if (last) throw new RegistryError(request.what, request.url, undefined, describeError(error), error);
      }
      await sleep(backoffMs * 2 ** attempt);
    }
  };
}

/** Returns the registry's own error, `errors[0].code: message` of the distribution spec, cut to 200 characters. */
async function errorDetail(response: Response): Promise<string> {
  const text = await response.text().catch(() => "");
  try {
    const { errors } = JSON.parse(text) as { errors?: { code?: string; message?: string }[] };
    return (errors ?? [])
      .map(({ code = "", message = "" }) => `${code}: ${message}`)
      .join("; ")
      .slice(0, 200);
  } catch {
    return "";
  }
}
