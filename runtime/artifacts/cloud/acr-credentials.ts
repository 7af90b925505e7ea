import { z } from "zod";
import type { Credentials } from "../credentials.ts";
import type { Expiring } from "../renewing-credentials.ts";
import { entraToken } from "./entra-token.ts";
import { form, requestJson } from "./token-request.ts";

export interface AcrOptions {
  /** Such as `slipway.azurecr.io`. */
  host: string;
  /** Such as `https://login.microsoftonline.com/`. */
  authority: string;
  tenantId: string;
  clientId: string;
  tokenFile: string;
}

/** User name for logins with a refresh token of the registry. */
const TOKEN_USER = "00000000-0000-0000-0000-000000000000";
const SCOPE = "https://containerregistry.azure.net/.default";
/** Lifetime of a refresh token without `exp`, in milliseconds. Tokens usually last three hours. */
const DEFAULT_LIFETIME_MS = 3600 * 1000;

const refreshSchema = z.object({ refresh_token: z.string() });

/**
 * Returns credentials of an Azure registry: exchanges the service account's token for a token of Microsoft Entra, and that for the
 * registry's refresh token, with which its `/oauth2/token` issues a token per repository.
 *
 * @see https://azure.github.io/acr/AAD-OAuth.html
 */
export async function acrCredentials(
  options: AcrOptions,
  fetchImpl: typeof fetch,
): Promise<Expiring<Credentials>> {
  const { host, authority, tenantId, clientId, tokenFile } = options;
  const entra = await entraToken({ authority, tenantId, clientId, tokenFile, scope: SCOPE }, fetchImpl);
  const { refresh_token: password } = await requestJson(
    fetchImpl,
    "exchange the token of Microsoft Entra for one of the registry",
    `https://${host}/oauth2/exchange`,
    form({ grant_type: "access_token", service: host, tenant: tenantId, access_token: entra }),
    refreshSchema,
  );
  return {
    value: { username: TOKEN_USER, password },
    expiresAtMs: expiryOf(password) ?? Date.now() + DEFAULT_LIFETIME_MS,
  };
}

/** Returns `exp` of a JSON Web Token. The signature is not checked here; the registry does that. */
function expiryOf(token: string): number | undefined {
  try {
    const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8");
    return z.object({ exp: z.number() }).parse(JSON.parse(payload)).exp * 1000;
  } catch {
    return undefined;
  }
}
