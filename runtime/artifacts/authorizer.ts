import { z } from "zod";
import type { Credentials } from "./credentials.ts";
import { RegistryError } from "./registry-error.ts";

/** Answers a registry's challenges: `Basic` with the credentials, `Bearer` with a token that it fetches and caches. */
export interface Authorizer {
  /** Returns the Authorization header for a first request on `scope`; undefined if none is known. */
  header(scope: string): string | undefined;
  /**
   * Processes a 401 on a request that had the header `refused`. Returns true if a new header can be tried. Concurrent requests may
   * all get a 401 before the first has a token; each may then try again with that token.
   */
  learn(challenge: string | null, scope: string, refused: string | undefined): Promise<boolean>;
}

const tokenSchema = z.object({ token: z.string().optional(), access_token: z.string().optional() });

/** @see https://distribution.github.io/distribution/spec/auth/token/ */
export function authorizer(
  origin: string,
  credentials: Credentials | (() => Promise<Credentials>) | undefined,
  fetchImpl: typeof fetch,
): Authorizer {
  let basic: string | undefined;
  const tokens = new Map<string, string>();
  let useBasic = false;

  return {
    header: (scope) => tokens.get(scope) ?? (useBasic ? basic : undefined),
    async learn(challenge, scope, refused) {
      const { scheme, params } = parseChallenge(challenge ?? "");
      if (scheme === "basic") {
        basic = await basicHeader();
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

  async function basicHeader(): Promise<string | undefined> {
    if (credentials === undefined) return undefined;
    const { username, password } = typeof credentials === "function" ? await credentials() : credentials;
    return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  }

  async function fetchToken(realm: URL, params: Record<string, string>, scope: string): Promise<string> {
    basic = await basicHeader();
    if (params["service"] !== undefined) realm.searchParams.set("service", params["service"]);
    realm.searchParams.set("scope", params["scope"] ?? scope);
    const response = await fetchImpl(realm, { headers: basic === undefined ? {} : { authorization: basic } });
    if (!response.ok) {
      await response.body?.cancel();
      throw new RegistryError("get a token", realm.href, response.status, "");
    }
    const body = tokenSchema.safeParse(await response.json().catch(() => undefined));
    const token = body.data?.token ?? body.data?.access_token;
    if (token === undefined)
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
