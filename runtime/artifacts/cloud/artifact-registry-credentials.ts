import { z } from "zod";
import type { Credentials } from "../credentials.ts";
import type { Expiring } from "../renewing-credentials.ts";
import { requestJson } from "./token-request.ts";

const tokenSchema = z.object({ access_token: z.string(), expires_in: z.number() });

/**
 * Returns the access token of the pod's identity, from the metadata server of its node.
 *
 * @see https://cloud.google.com/compute/docs/access/authenticate-workloads#applications
 * @see https://cloud.google.com/artifact-registry/docs/docker/authentication#token
 */
export async function artifactRegistryCredentials(
  metadataHost: string,
  fetchImpl: typeof fetch,
): Promise<Expiring<Credentials>> {
  const token = await requestJson(
    fetchImpl,
    "get a token of Google's metadata server",
    `http://${metadataHost}/computeMetadata/v1/instance/service-accounts/default/token`,
    { headers: { "metadata-flavor": "Google" } },
    tokenSchema,
  );
  return {
    value: { username: "oauth2accesstoken", password: token.access_token },
    expiresAtMs: Date.now() + token.expires_in * 1000,
  };
}
