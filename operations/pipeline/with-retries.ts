import { setTimeout as sleep } from "node:timers/promises";

/** Time without any answer after which a cluster counts as gone. */
const PATIENCE_MS = 120_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

export interface RetryOptions {
  /** @default - the clock's */
  pause?: (milliseconds: number) => Promise<unknown>;
}

/**
 * Calls until an answer comes. Retries broken connections and busy or starting servers, with growing pauses, for two minutes.
 * Throws other errors at once.
 */
export async function withRetries<T>(
  call: () => Promise<T>,
  { pause = sleep }: RetryOptions = {},
): Promise<T> {
  let waited = 0;
  for (let next = FIRST_PAUSE_MS; ; next = Math.min(next * 2, LONGEST_PAUSE_MS)) {
    try {
      return await call();
    } catch (error) {
      if (!isTransient(error)) throw error;
      if (waited >= PATIENCE_MS)
        throw new Error(
          `the cluster has not answered for ${PATIENCE_MS / 60_000} minutes (${codeOf(error)}); a job that runs there goes on: ` +
            "run the command again to join it",
          { cause: error },
        );
      await pause(next);
      waited += next;
    }
  }
}

/** Returns the HTTP status of an error of the Kubernetes client; undefined where no answer came. */
export function httpStatus(error: unknown): number | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "number" ? code : undefined;
}

const NETWORK_ERRORS = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ERR_STREAM_PREMATURE_CLOSE",
  "UND_ERR_SOCKET",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
]);

function isTransient(error: unknown): boolean {
  const status = httpStatus(error);
  if (status !== undefined) return status === 429 || status >= 500;
  if (!(error instanceof Error)) return false;
  return NETWORK_ERRORS.has(codeOf(error)) || (error.cause !== undefined && isTransient(error.cause));
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
