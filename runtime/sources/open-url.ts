import { BadInput, Unavailable } from "../errors.ts";
import { followRedirects } from "./follow-redirects.ts";
import { mayPass, publicUrl, type RequestOwner } from "./send-request.ts";

export type UrlRequest = RequestOwner;

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

/**
 * Sends a GET to a package index and follows redirects. Throws Unavailable where there is no answer, or one that may be another later
 * (408, 429, 5xx), and BadInput for every other answer and for a body that is too large. Messages have no query, which may hold a
 * signature.
 */
export async function openUrl(
  url: string,
  request: UrlRequest,
  { headers, maxBytes }: UrlOptions,
): Promise<OpenedUrl> {
  const { what } = request;
  const answer = await followRedirects(url, request, { headers, check: REACH });
  const tooLarge = (): BadInput =>
    new BadInput(`${what}: ${publicUrl(url)} must have at most ${maxBytes} bytes, got more`);
  const isTooLarge = Number(answer.headers.get("content-length") ?? 0) > maxBytes;
  if (answer.status !== 200 || isTooLarge) {
    await answer.discard();
    throw answer.status === 200 ? tooLarge() : refusal(what, answer.url, answer.status);
  }
  async function* body(): AsyncGenerator<Uint8Array> {
    let size = 0;
    for await (const chunk of answer.body) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge();
      yield chunk;
    }
  }
  return { url: answer.url, mediaType: answer.headers.get("content-type") ?? "", body: body() };
}

const REACH = "check slipway:sources.packageIndex, and that pods of the job fetch may reach it";

function refusal(what: string, url: string, status: number): Error {
  const message = `${what}: status ${status} from ${publicUrl(url)}`;
  if (mayPass(status))
    return new Unavailable(`${message}; try again later, or name a mirror in slipway:sources.packageIndex`);
  if (status === 404 || status === 410)
    return new BadInput(
      `${message}; correct the name in the workload's definition, or slipway:sources.packageIndex`,
    );
  if (status === 401 || status === 403 || status === 407)
    return new BadInput(`${message}; name an index or a proxy that needs no login in slipway:sources`);
  return new BadInput(`${message}; name another index in slipway:sources.packageIndex`);
}
