import { createHash } from "node:crypto";
import { open } from "node:fs/promises";

/** When a download is given up. */
export interface DownloadLimits {
  /** Time until the first answer of a host. It is short, because many machines reach no publisher at all. */
  answerMs: number;
  /** Length of the windows in which a file's progress is watched; also the time until later answers of a host. */
  windowMs: number;
  /** Bytes that every full window must bring. */
  windowBytes: number;
  /** Size of a file at most. */
  maxBytes: number;
}

/** With 1 MiB in 10 s for each of five files, compiling takes longer than the slowest download that is not given up. */
export const DOWNLOAD_LIMITS: DownloadLimits = {
  answerMs: 2500,
  windowMs: 10_000,
  windowBytes: 2 ** 20,
  maxBytes: 2 ** 29,
};

export interface DownloadOptions {
  limits?: DownloadLimits;
  /** Stops the download. */
  signal?: AbortSignal;
  /** Called with the size of each received part. */
  onBytes?: (bytes: number) => void;
}

/** A file that cannot be had from its server. The message has no query of a URL: it may hold a signature. */
export class DownloadFailed extends Error {
  override readonly name = "DownloadFailed";
  /** True if the host cannot be reached, which is usual on a machine without a way to the internet. */
  readonly unreachable: boolean;
  /** True if a second attempt may help. */
  readonly again: boolean;

  constructor(message: string, kind: { unreachable?: boolean; again?: boolean } = {}) {
    super(message);
    this.unreachable = kind.unreachable ?? false;
    this.again = kind.again ?? false;
  }
}

const MAX_REDIRECTS = 5;
/** Hosts that this process has asked, so that a host which cannot be reached is waited for once. */
const asked = new Map<string, "answered" | DownloadFailed>();

/** Downloads a file to a path where none is, and returns its sha256 as hex. Tries again once if the connection breaks. */
export async function downloadFile(url: URL, path: string, options: DownloadOptions = {}): Promise<string> {
  return twice(async () => {
    const hash = createHash("sha256");
    const file = await open(path, "w");
    try {
      await receive(url, options, async (part) => {
        hash.update(part);
        await file.writeFile(part); // appends at the position of the handle, and writes the whole part
      });
      await file.sync(); // or a power cut leaves an empty file under a name that says it is complete
    } finally {
      await file.close();
    }
    return hash.digest("hex");
  }, options.signal);
}

/** Downloads a short text. */
export async function downloadText(url: URL, options: DownloadOptions = {}): Promise<string> {
  const limits = { ...(options.limits ?? DOWNLOAD_LIMITS), maxBytes: 2 ** 20, windowBytes: 1 };
  return twice(async () => {
    const parts: Uint8Array[] = [];
    await receive(url, { ...options, limits }, (part) => void parts.push(part));
    return Buffer.concat(parts).toString();
  }, options.signal);
}

async function twice<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted === true || !(error instanceof DownloadFailed && error.again)) throw error;
    return work();
  }
}

async function receive(
  url: URL,
  { limits = DOWNLOAD_LIMITS, signal, onBytes }: DownloadOptions,
  take: (part: Uint8Array) => Promise<void> | void,
): Promise<void> {
  const stop = new AbortController();
  const either = signal === undefined ? stop.signal : AbortSignal.any([stop.signal, signal]);
  let received = 0;
  let inWindow = 0;
  let watch: NodeJS.Timeout | undefined;
  try {
    const response = await followRedirects(url, limits, stop, either);
    if (response.status !== 200)
      throw new DownloadFailed(`${shown(url)}: must answer 200, got ${response.status}`, {
        again: response.status >= 500 || response.status === 429,
      });
    watch = setInterval(() => {
      if (inWindow < limits.windowBytes) stop.abort(tooSlow(url, inWindow, limits));
      inWindow = 0;
    }, limits.windowMs);
    const reader = response.body?.getReader();
    const broken = (error: unknown): never => {
      if (either.aborted) throw either.reason;
      throw new DownloadFailed(`${shown(url)}: broke off after ${received} bytes (${reason(error)})`, {
        again: true,
      });
    };
    for (;;) {
      const part = (await reader?.read().catch(broken))?.value as Uint8Array | undefined;
      if (part === undefined) break;
      received += part.length;
      inWindow += part.length;
      if (received > limits.maxBytes)
        throw new DownloadFailed(`${shown(url)}: must have at most ${limits.maxBytes} bytes, has more`);
      onBytes?.(part.length);
      await take(part);
    }
  } finally {
    clearInterval(watch);
    stop.abort(); // closes the connection if the rest of the body is not read
  }
}

async function followRedirects(
  url: URL,
  limits: DownloadLimits,
  stop: AbortController,
  signal: AbortSignal,
): Promise<Response> {
  let at = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await ask(at, limits, stop, signal);
    const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || location === null) return response;
    await response.body?.cancel();
    const next = URL.canParse(location, at.href) ? new URL(location, at) : undefined;
    if (next === undefined || (next.protocol !== "https:" && next.origin !== url.origin))
      throw new DownloadFailed(
        `${shown(at)}: must redirect to an https URL, got ${next === undefined ? "no URL" : shown(next)}`,
      );
    at = next;
  }
  throw new DownloadFailed(`${shown(url)}: must redirect at most ${MAX_REDIRECTS} times, did more often`);
}

/** Sends one request and returns the head of its answer. */
async function ask(
  url: URL,
  limits: DownloadLimits,
  stop: AbortController,
  signal: AbortSignal,
): Promise<Response> {
  const known = asked.get(url.origin);
  if (known instanceof DownloadFailed) throw known;
  const patienceMs = known === "answered" ? limits.windowMs : limits.answerMs;
  const timer = setTimeout(() => stop.abort(new Error(`no answer in ${patienceMs / 1000} s`)), patienceMs);
  try {
    // Without a content encoding the received bytes are those that the checksum is of.
    const headers = { "accept-encoding": "identity" };
    const response = await fetch(url, { redirect: "manual", signal, headers });
    asked.set(url.origin, "answered");
    return response;
  } catch (error) {
    if (signal.aborted && !stop.signal.aborted) throw error; // the caller has stopped it
    const message = `${url.host} cannot be reached (${reason(error)})`;
    if (known === "answered") throw new DownloadFailed(message, { again: true });
    const failure = new DownloadFailed(message, { unreachable: true });
    asked.set(url.origin, failure);
    throw failure;
  } finally {
    clearTimeout(timer);
  }
}

function tooSlow(url: URL, bytes: number, { windowBytes, windowMs }: DownloadLimits): DownloadFailed {
  const rule = `${windowBytes} bytes every ${windowMs / 1000} s`;
  return new DownloadFailed(`${shown(url)}: must send at least ${rule}, sent ${bytes}`, { again: true });
}

const shown = ({ origin, pathname }: URL): string => `${origin}${pathname}`;

/** The code or the message of what is behind fetch's own "fetch failed". */
function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  const { code } = cause as NodeJS.ErrnoException;
  return typeof code === "string" && code !== "" ? code : cause.message;
}
