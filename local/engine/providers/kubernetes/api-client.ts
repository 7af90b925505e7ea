import { readFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiError, Unreachable } from "./api-error.ts";
import { runExecPlugin } from "./exec-credential.ts";
import type { ExecCredential } from "./exec-credential.ts";
import { isObject } from "./json-object.ts";
import type { Json, JsonObject } from "./json-object.ts";
import type { ClusterAccess } from "./kubeconfig.ts";

export interface ApiRequest {
  query?: Record<string, string | number | boolean | undefined>;
  body?: Json;
  /** @default "application/json" */
  contentType?: string;
  signal?: AbortSignal;
}

export interface ApiAnswer {
  body: JsonObject;
  /** The body as text, for an answer that is no JSON object, such as a log. */
  text: string;
  /** Warnings of the server, such as one about a field that it does not know. */
  warnings: string[];
}

/** Timeout of one request, in milliseconds. The server's own limit is 60 s. */
const REQUEST_TIMEOUT_MS = 70_000;
/** Tries of a request while the server does not answer, is overloaded or is starting. */
const ATTEMPTS = 5;

/** Speaks to one Kubernetes API server in JSON over kept-alive connections. */
export class ApiClient {
  readonly access: ClusterAccess;
  readonly #environment: NodeJS.ProcessEnv;
  #agent: http.Agent | undefined;
  #credential: ExecCredential | undefined;

  /** @param environment - environment of credential plugins */
  constructor(access: ClusterAccess, environment: NodeJS.ProcessEnv) {
    this.access = access;
    this.#environment = environment;
  }

  /** Sends a request that is safe to repeat. Throws `ApiError` if the server refuses it, `Unreachable` if no server answers. */
  async request(
    method: "GET" | "PATCH" | "DELETE",
    path: string,
    request: ApiRequest = {},
  ): Promise<ApiAnswer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(method, path, request);
      } catch (error) {
        const busy = error instanceof ApiError && [429, 503, 504].includes(error.status);
        const lost = error instanceof Unreachable && isPassingFault(error.cause);
        if (attempt >= ATTEMPTS || !(busy || lost) || request.signal?.aborted === true) throw error;
        const seconds =
          (error instanceof ApiError ? error.retryAfterSeconds : undefined) ?? 0.1 * 2 ** attempt;
        await sleep(1000 * Math.min(seconds, 5), undefined, { signal: request.signal });
      }
    }
  }

  /** Sends a request once. Throws at once if no server answers. */
  async once(
    method: string,
    path: string,
    { query, body, contentType, signal }: ApiRequest = {},
  ): Promise<ApiAnswer> {
    const url = new URL(this.access.server + path);
    for (const [key, value] of Object.entries(query ?? {}))
      if (value !== undefined) url.searchParams.set(key, String(value));
    const payload = body === undefined ? undefined : Buffer.from(yamlSafeJson(body));
    const headers: http.OutgoingHttpHeaders = {
      accept: "application/json",
      ...(await this.#authorization()),
    };
    if (payload !== undefined) {
      headers["content-type"] = contentType ?? "application/json";
      headers["content-length"] = payload.length;
    }
    const answer = await this.#send(url, { method, headers, signal }, payload);
    const text = answer.body.toString("utf8");
    const parsed = parseJson(text);
    if (answer.status < 300) return { body: parsed ?? {}, text, warnings: warningsOf(answer.headers) };
    throw new ApiError(
      answer.status,
      parsed ?? { message: text.trim() },
      Number(answer.headers["retry-after"]) || undefined,
    );
  }

  close(): void {
    this.#agent?.destroy();
  }

  async #authorization(): Promise<Record<string, string>> {
    const { token, tokenFile, basic, exec } = this.access;
    if (exec !== undefined && (this.#credential?.expiresAt ?? 0) < Date.now() + 30_000) {
      this.#credential = await runExecPlugin(exec, this.#environment);
      if (this.#credential.cert !== undefined) this.#agent = undefined;
    }
    const bearer =
      this.#credential?.token ??
      token ??
      (tokenFile === undefined ? undefined : readFileSync(tokenFile, "utf8").trim());
    if (bearer !== undefined) return { authorization: `Bearer ${bearer}` };
    if (basic === undefined) return {};
    return {
      authorization: `Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString("base64")}`,
    };
  }

  #send(url: URL, options: http.RequestOptions, payload: Buffer | undefined): Promise<RawAnswer> {
    const { ca, cert, key, skipTlsVerify, tlsServerName } = this.access;
    const secure = url.protocol === "https:";
    this.#agent ??= secure
      ? new https.Agent({
          keepAlive: true,
          ca,
          cert: this.#credential?.cert ?? cert,
          key: this.#credential?.key ?? key,
          rejectUnauthorized: !skipTlsVerify,
          servername: tlsServerName,
        })
      : new http.Agent({ keepAlive: true });
    const agent = this.#agent;
    return new Promise((resolve, reject) => {
      const lose = (error: Error): void =>
        reject(
          error.name === "AbortError"
            ? error
            : new Unreachable(this.access.server, this.access.source, error),
        );
      const request = (secure ? https : http).request(url, { ...options, agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", lose);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      });
      request.setTimeout(REQUEST_TIMEOUT_MS, () =>
        request.destroy(new Error(`no answer within ${REQUEST_TIMEOUT_MS / 1000} s`)),
      );
      request.on("error", lose);
      request.end(payload);
    });
  }
}

interface RawAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

function isPassingFault(cause: unknown): boolean {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? "";
  return ["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT"].includes(code);
}

function parseJson(text: string): JsonObject | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // a log line may begin like an object
  }
}

/** Reads the header `warning`: `299 - "unknown field \"spec.foo\""`, several of them joined by commas. */
function warningsOf(headers: http.IncomingHttpHeaders): string[] {
  const header = headers["warning"] ?? "";
  return [...header.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) =>
    (match[1] ?? "").replaceAll(/\\(.)/g, "$1"),
  );
}

/**
 * Returns JSON that YAML reads alike: the server reads an apply as YAML, where some characters break a line, with the spaces
 * around them, and others may not stand.
 */
function yamlSafeJson(body: unknown): string {
  return JSON.stringify(body).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
