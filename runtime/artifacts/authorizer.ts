import { z } from "zod";
import type { Credentials } from "./credentials.ts";
import { RegistryError } from "./registry-error.ts";

/** Answers a registry's challenges: `Basic` with the credentials, `Bearer` with a token that it fetches and keeps. */
export interface Authorizer {
  /** Value of the Authorization header for a first try on `scope`, if one is known. */
  header(scope: string): string | undefined;
  /** Learns from a 401; false where nothing new can be tried. */
  learn(challenge: string | null, scope: string): Promise<boolean>;
}

const tokenSchema = z.object({ token: z.string().optional(), access_token: z.string().optional() });

/** @see https://distribution.github.io/distribution/spec/auth/token/ */
export function authorizer(
  origin: string,
  credentials: Credentials | undefined,
  fetchImpl: typeof fetch,
): Authorizer {
  const basic =
    credentials === undefined
      ? undefined
      : `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`;
  const tokens = new Map<string, string>();
  let useBasic = false;

  return {
    header: (scope) => tokens.get(scope) ?? (useBasic ? basic : undefined),
    async learn(challenge, scope) {
      const { scheme, params } = parseChallenge(challenge ?? "");
      if (scheme === "basic") {
        // Requests at the same time are all challenged before the first of them has learnt: each may try again.
        useBasic = basic !== undefined;
        return useBasic;
      }
      const named = params["realm"];
      const realm = named !== undefined && URL.canParse(named, origin) ? new URL(named, origin) : null;
      if (scheme !== "bearer" || realm === null) return false;
      if (origin.startsWith("https:") && realm.protocol !== "https:") return false; // never credentials in clear text
      const had = tokens.delete(scope);
      if (params["service"] !== undefined) realm.searchParams.set("service", params["service"]);
      realm.searchParams.set("scope", params["scope"] ?? scope);
      const response = await fetchImpl(realm, {
        headers: basic === undefined ? {} : { authorization: basic },
      });
      if (!response.ok) {
        await response.body?.cancel();
        throw new RegistryError("get a token", realm.href, response.status, "");
      }
      const body = tokenSchema.parse(await response.json());
      const token = body.token ?? body.access_token;
      if (token === undefined || (had && tokens.get(scope) === `Bearer ${token}`)) return false;
      tokens.set(scope, `Bearer ${token}`);
      return true;
    },
  };
}

/** Splits a WWW-Authenticate header: its scheme in lower case and its parameters. */
export function parseChallenge(header: string): { scheme: string; params: Record<string, string> } {
  const [, scheme = "", rest = ""] = /^\s*(\S+)\s*(.*)$/s.exec(header) ?? [];
  const params: Record<string, string> = {};
  for (const [, key, quoted, plain] of rest.matchAll(/([a-z_]+)=(?:"([^"]*)"|([^,\s]*))/gi))
    params[key!.toLowerCase()] = quoted ?? plain ?? "";
  return { scheme: scheme.toLowerCase(), params };
}
