import { z } from "zod";
import { form, projectedToken, requestJson } from "./token-request.ts";

export interface EntraOptions {
  /** Such as `https://login.microsoftonline.com/`. */
  authority: string;
  tenantId: string;
  clientId: string;
  tokenFile: string;
  /** What the token is for, such as `https://storage.azure.com/.default`. */
  scope: string;
}

const tokenSchema = z.object({ access_token: z.string() });

/**
 * Returns a token of Microsoft Entra in exchange for the service account's token. Throws a RegistryError if it gives none.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#third-case-access-token-request-with-a-federated-credential
 */
export async function entraToken(
  { authority, tenantId, clientId, tokenFile, scope }: EntraOptions,
  fetchImpl: typeof fetch,
): Promise<string> {
  const { access_token: token } = await requestJson(
    fetchImpl,
    "get a token of Microsoft Entra for AZURE_CLIENT_ID",
    new URL(`${tenantId}/oauth2/v2.0/token`, authority).href,
    form({
      grant_type: "client_credentials",
      client_id: clientId,
      scope,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: await projectedToken(tokenFile, "AZURE_FEDERATED_TOKEN_FILE"),
    }),
    tokenSchema,
  );
  return token;
}
