import { innermostReason } from "../../stacks/config/innermost-reason.ts";

/** Longest wait for the answer of a registry, in milliseconds. */
const PROBE_MS = 10_000;

/**
 * Asks each registry once, all at the same time, and returns base URL → reason for those that do not answer at all, as on a machine
 * without a network. An answer of any status is one: most registries refuse this request.
 */
export async function unreachableRegistries(
  urls: readonly string[],
  fetchImpl: typeof fetch = fetch,
): Promise<ReadonlyMap<string, string>> {
  const probe = async (url: string): Promise<readonly [string, string][]> => {
    try {
      const answer = await fetchImpl(`${url}/v2/`, { signal: AbortSignal.timeout(PROBE_MS) });
      await answer.body?.cancel();
      return [];
    } catch (error) {
      const reason = error instanceof Error ? reasonOf(error) : String(error);
      return [[url, `${new URL(url).host} cannot be reached (${reason})`]];
    }
  };
  return new Map((await Promise.all([...new Set(urls)].map(probe))).flat());
}

function reasonOf(error: Error): string {
  return error.name === "TimeoutError" ? `no answer within ${PROBE_MS / 1000} s` : innermostReason(error);
}
