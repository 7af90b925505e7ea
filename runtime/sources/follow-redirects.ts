import { BadInput } from "../errors.ts";
import {
  publicUrl,
  sendRequest,
  type Answer,
  type RequestOptions,
  type RequestOwner,
} from "./send-request.ts";

export interface FollowedRequest extends RequestOptions {
  /** Headers that only the host of the first URL may see. @default - none */
  credentials?: Readonly<Record<string, string>>;
}

const MAX_REDIRECTS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Sends a GET or HEAD, follows redirects and returns the last answer with its URL. Credentials go to the host of the first URL alone.
 * Throws BadInput for too many redirects, one without an address, and one from https to http.
 */
export async function followRedirects(
  url: string,
  owner: RequestOwner,
  { credentials = {}, headers, ...options }: FollowedRequest,
): Promise<Answer & { url: string }> {
  const first = new URL(url);
  for (let current = first, hops = 0; ; hops++) {
    const own = current.origin === first.origin ? credentials : {};
    const answer = await sendRequest(current.href, owner, { ...options, headers: { ...headers, ...own } });
    if (!REDIRECTS.has(answer.status)) return { ...answer, url: current.href };
    await answer.discard();
    const location = answer.headers.get("location") ?? "";
    const next = URL.canParse(location, current.href) ? new URL(location, current.href) : undefined;
    const from = `${owner.what}: ${publicUrl(current.href)}`;
    if (location === "" || next === undefined || !/^https?:$/.test(next.protocol))
      throw new BadInput(
        `${from} must redirect to an http or https address, got none; name the address that has the file`,
      );
    if (current.protocol === "https:" && next.protocol === "http:")
      throw new BadInput(
        `${from} must redirect to an https address, got ${publicUrl(next.href)}; name an address that does`,
      );
    if (hops === MAX_REDIRECTS)
      throw new BadInput(
        `${from} must lead to a file within ${MAX_REDIRECTS} redirects, got more; name the address that has the file`,
      );
    current = next;
  }
}
