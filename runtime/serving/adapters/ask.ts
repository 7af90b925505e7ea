import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from "fastify";
import { BadInput, describeError } from "../../errors.ts";

export interface HttpRequest {
  method: string;
  /** Path and query. */
  url: string;
  /** Names in lower case. */
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
}

export interface HttpResponse {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Buffer;
}

/** Sends a request to the server's own HTTP interface inside of the process, without a socket. */
export type Ask = (request: HttpRequest) => Promise<HttpResponse>;

/** Headers that belong to one connection or to its encoding of the bytes. */
const HOP_BY_HOP = [
  "connection",
  "content-length",
  "date",
  "expect",
  "host",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
];

export function askApp(app: FastifyInstance): Ask {
  return async ({ method, url, headers = {}, body }) => {
    const options = {
      method: method as "GET",
      url,
      headers: withoutHop(headers),
      ...(body === undefined ? {} : { payload: body }),
    };
    const response = await inject(app, options);
    return {
      status: response.statusCode,
      headers: withoutHop(response.headers),
      body: response.rawPayload,
    };
  };
}

/** Returns the app's response. Throws BadInput for a request that cannot be sent. */
async function inject(app: FastifyInstance, options: InjectOptions): Promise<LightMyRequestResponse> {
  try {
    return await app.inject(options);
  } catch (error) {
    throw new BadInput(`request must have a method and a path of HTTP: ${describeError(error)}`);
  }
}

function withoutHop(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const kept = Object.entries(headers).filter(
    ([name, value]) => value !== undefined && !HOP_BY_HOP.includes(name.toLowerCase()),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/** Returns a response with a JSON body. */
export function jsonResponse(status: number, value: unknown): HttpResponse {
  const headers = { "content-type": "application/json; charset=utf-8" };
  return { status, headers, body: Buffer.from(JSON.stringify(value)) };
}

/** Parses a JSON text. Returns undefined if it is not JSON; then the server itself answers with the error. */
export function tryJson(text: string | Buffer): unknown {
  try {
    return JSON.parse(text.toString()) as unknown;
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
