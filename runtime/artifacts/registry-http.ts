import { setTimeout as sleep } from "node:timers/promises";
import type { ReadableStream } from "node:stream/web";
import { describeError } from "../errors.ts";
import type { Authorizer } from "./authorizer.ts";
import { RegistryError } from "./registry-error.ts";

export interface RegistryRequest {
  /** What is being tried, for errors: `push blob flights.parquet`. */
  what: string;
  method?: "GET" | "HEAD" | "POST" | "PUT";
  url: string;
  /** OAuth scope, such as `repository:flight-delays/dataset:pull,push`. */
  scope: string;
  headers?: Record<string, string>;
  /** Made anew for each try. */
  body?: () => Uint8Array | ReadableStream;
  /** Statuses that the caller deals with; others throw RegistryError. */
  accept: readonly number[];
}

export interface RegistryHttpOptions {
  origin: string;
  authorizer: Authorizer;
  fetch: typeof fetch;
  /** Tries after the first, for connection errors, 429 and 5xx. @default 4 */
  retries?: number;
  /** Wait before the first retry; doubles each time. @default 250 */
  backoffMs?: number;
  /** Time for a registry to begin its answer to a request without a body. @default 60000 */
  answerMs?: number;
}

export type RegistryHttp = (request: RegistryRequest) => Promise<Response>;

/** Sends requests to a registry: answers its challenges, retries what may pass, refuses the rest with a RegistryError. */
export function registryHttp(options: RegistryHttpOptions): RegistryHttp {
  const { origin, authorizer, fetch: fetchImpl, retries = 4, backoffMs = 250, answerMs = 60_000 } = options;

  async function once(request: RegistryRequest, authorization: string | undefined): Promise<Response> {
    // Of the answer's beginning alone: a large blob may take as long as it takes.
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
    const own = new URL(request.url).origin === origin; // credentials go to the registry alone
    for (let challenges = 0; ; challenges++) {
      const authorization = own ? authorizer.header(request.scope) : undefined;
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
        if (error instanceof RegistryError) throw error;
        if (last) throw new RegistryError(request.what, request.url, undefined, describeError(error), error);
      }
      await sleep(backoffMs * 2 ** attempt);
    }
  };
}

/** The registry's own words: `errors[0].code: message` of the distribution spec, at most 200 characters. */
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
