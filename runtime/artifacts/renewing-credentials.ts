import type { Credentials, CredentialsSource } from "./credentials.ts";

/** A value from a cloud, with the time of its expiry. */
export interface Expiring<T> {
  value: T;
  expiresAtMs: number;
}

/** Time before their expiry at which credentials are renewed, so that they do not expire during a request; in milliseconds. */
const MARGIN_MS = 5 * 60 * 1000;
/** Age in milliseconds under which credentials are not renewed: a registry that refuses new ones refuses the next ones too. */
const LEAST_AGE_MS = 60 * 1000;

/** Keeps credentials until shortly before they expire or the registry refuses them. Concurrent requests share one renewal. */
export function renewingCredentials(issue: () => Promise<Expiring<Credentials>>): CredentialsSource {
  let kept: { credentials: Expiring<Credentials>; issuedAtMs: number } | undefined;
  let renewal: Promise<Credentials> | undefined;

  async function renewed(): Promise<Credentials> {
    const credentials = await issue();
    kept = { credentials, issuedAtMs: Date.now() };
    return credentials.value;
  }

  return async ({ renew = false } = {}) => {
    if (kept !== undefined) {
      const { credentials, issuedAtMs } = kept;
      const isNew = Date.now() - issuedAtMs < LEAST_AGE_MS;
      const leftMs = credentials.expiresAtMs - Date.now();
      if (isNew ? leftMs > 0 : leftMs > MARGIN_MS && !renew) return credentials.value;
    }
    renewal ??= renewed().finally(() => (renewal = undefined));
    return renewal;
  };
}
