import { z } from "zod";
import type { Credentials, CredentialsSource } from "./credentials.ts";
import { RegistryError } from "./registry-error.ts";

/** Answers a registry's challenges: `Basic` with the credentials, `Bearer` with a token that it fetches and caches. */
export interface Authorizer {
  /** Returns the Authorization header for a first request on `scope`; undefined if none is known. Renews credentials that expire. */
  header(scope: string): Promise<string | undefined>;
  /**
   * Processes a 401 on a request that had the header `refused`. Returns true if a new header can be tried. Concurrent requests may
   * all get a 401 before the first has a token; each may then try again with that token. Credentials that the registry refuses are
   * renewed if they are not new.
   */
  learn(challenge: string | null, scope: string, refused: string | undefined): Promise<boolean>;
}

/** Longest wait for a token, in milliseconds. */
const TOKEN_MS = 60_000;

const tokenSchema = z.object({ token: z.string().optional(), access_token: z.string().optional() });

/** @see https://distribution.github.io/distribution/spec/auth/token/ */
export function authorizer(
  origin: string,
  credentials: Credentials | CredentialsSource | undefined,
  fetchImpl: typeof fetch,
): Authorizer {
  const tokens = new Map<string, string>();
  let useBasic = false;

  return {
    header: async (scope) => tokens.get(scope) ?? (useBasic ? basicHeader() : undefined),
    async learn(challenge, scope, refused) {
      const { scheme, params } = parseChallenge(challenge ?? "");
      if (scheme === "basic") {
        let basic = await basicHeader();
        if (refused !== undefined && basic === refused) basic = await basicHeader({ renew: true });
        useBasic = basic !== undefined && basic !== refused;
        return useBasic;
      }
      const named = params["realm"];
      const realm = named !== undefined && URL.canParse(named, origin) ? new URL(named, origin) : null;
      if (scheme !== "bearer" || realm === null) return false;
      if (origin.startsWith("https:") && realm.protocol !== "https:") return false; // no credentials over plain HTTP
      const known = tokens.get(scope);
      if (known !== undefined && known !== refused) return true;
      const token = `Bearer ${await fetchToken(realm, params, scope)}`;
      tokens.set(scope, token);
      return token !== refused;
    },
  };

  async function basicHeader(options?: { renew: boolean }): Promise<string | undefined> {
    if (credentials === undefined) return undefined;
    const { username, password } =
      typeof credentials === "function" ? await credentials(options) : credentials;
    return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  }

  async function fetchToken(realm: URL, params: Record<string, string>, scope: string): Promise<string> {
    if (params["service"] !== undefined) realm.searchParams.set("service", params["service"]);
    realm.searchParams.set("scope", params["scope"] ?? scope);
    const ask = (basic: string | undefined): Promise<Response> =>
      fetchImpl(realm, {
        headers: basic === undefined ? {} : { authorization: basic },
        signal: AbortSignal.timeout(TOKEN_MS),
      });
    const basic = await basicHeader();
    let response = await ask(basic);
    if (response.status === 401 || response.status === 403) {
      const renewed = await basicHeader({ renew: true });
      if (renewed !== basic) {
        await response.body?.cancel();
        response = await ask(renewed);
      }
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw new RegistryError("get a token", realm.href, response.status, "");
    }
    const body = tokenSchema.safeParse(await response.json().catch(() => undefined));
    const token = body.data?.token ?? body.data?.access_token;
    // A header takes no other characters, and the error of fetch has the whole header.
    if (token === undefined || !/^[\x21-\x7e]+$/.test(token))
      throw new RegistryError("get a token", realm.href, response.status, "no token in the answer");
    return token;
  }
}

/** Parses a WWW-Authenticate header into its scheme, in lower case, and its parameters. */
export function parseChallenge(header: string): { scheme: string; params: Record<string, string> } {
  const [, scheme = "", rest = ""] = /^\s*(\S+)\s*(.*)$/s.exec(header) ?? [];
  const params: Record<string, string> = {};
  for (const [, key, quoted, plain] of rest.matchAll(/([a-z_]+)=(?:"([^"]*)"|([^,\s]*))/gi))
    params[key!.toLowerCase()] = quoted ?? plain ?? "";
  return { scheme: scheme.toLowerCase(), params };
}
