import { describeError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { loadApiKeys, parseApiKeys, type ApiKeys } from "./api-keys.ts";

export interface WatchedApiKeys {
  /** The keys that are valid now. */
  readonly current: () => ApiKeys;
  close(): void;
}

/** Milliseconds between two looks at the folder. The kubelet itself takes up to a minute to change a mounted Secret. */
const RELOAD_MS = 10_000;

/**
 * Reads the keys in a folder, and again every ten seconds, so that a key is added or withdrawn without a restart. A folder that cannot
 * be read leaves the keys as they are.
 */
export async function watchApiKeys(folder: string, log: Logger): Promise<WatchedApiKeys> {
  let keys: ApiKeys = parseApiKeys({});
  let logged = "";
  const reload = async (): Promise<void> => {
    try {
      const loaded = await loadApiKeys(folder);
      keys = loaded;
      const { callers, invalid } = loaded;
      const state = JSON.stringify([callers, invalid]);
      if (state === logged) return;
      logged = state;
      log.info("api keys", { callers, invalid });
    } catch (error) {
      log.error("api keys", { error: describeError(error) });
    }
  };
  await reload();
  const timer = setInterval(() => void reload(), RELOAD_MS);
  timer.unref();
  return { current: () => keys, close: () => clearInterval(timer) };
}
