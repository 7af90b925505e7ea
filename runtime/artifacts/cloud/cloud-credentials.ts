import type { CloudIdentityEnv } from "../../contract/env.ts";
import type { Credentials } from "../credentials.ts";
import { acrCredentials } from "./acr-credentials.ts";
import { artifactRegistryCredentials } from "./artifact-registry-credentials.ts";
import { ecrCredentials } from "./ecr-credentials.ts";
import type { Expiring } from "./token-request.ts";

/** Link-local address, which needs no name resolution and which a network policy can allow. */
const METADATA_HOST = "169.254.169.254";
/** Time before their expiry at which credentials are renewed, so that they do not expire during a request; in milliseconds. */
const MARGIN_MS = 5 * 60 * 1000;

/**
 * Returns a function that gets credentials of a cloud's registry with the pod's own identity; undefined for other hosts and for
 * pods without an identity. Credentials are cached until shortly before they expire; concurrent requests share one renewal.
 */
export function cloudCredentials(
  host: string,
  env: CloudIdentityEnv,
  fetchImpl: typeof fetch,
): (() => Promise<Credentials>) | undefined {
  const source = sourceFor(host, env, fetchImpl);
  return source === undefined ? undefined : keep(source);
}

function sourceFor(
  host: string,
  env: CloudIdentityEnv,
  fetchImpl: typeof fetch,
): (() => Promise<Expiring<Credentials>>) | undefined {
  const ecr = /^\d{12}\.dkr\.ecr\.([a-z0-9-]+)\.(amazonaws\.com(?:\.cn)?)$/.exec(host);
  const { AWS_ROLE_ARN: roleArn, AWS_WEB_IDENTITY_TOKEN_FILE: awsToken } = env;
  if (ecr !== null && roleArn !== undefined && awsToken !== undefined) {
    const [, region = "", domain = ""] = ecr;
    return () => ecrCredentials({ region, domain, roleArn, tokenFile: awsToken }, fetchImpl);
  }
  if (/^([a-z0-9-]+-docker\.pkg\.dev|([a-z]+\.)?gcr\.io)$/.test(host))
    return () => artifactRegistryCredentials(env.GCE_METADATA_HOST ?? METADATA_HOST, fetchImpl);
  const { AZURE_CLIENT_ID: clientId, AZURE_TENANT_ID: tenantId, AZURE_FEDERATED_TOKEN_FILE: tokenFile } = env;
  if (
    /^[a-z0-9]+\.azurecr\.(io|cn|us)$/.test(host) &&
    clientId !== undefined &&
    tenantId !== undefined &&
    tokenFile !== undefined
  ) {
    const authority = env.AZURE_AUTHORITY_HOST ?? "https://login.microsoftonline.com/";
    return () => acrCredentials({ host, authority, tenantId, clientId, tokenFile }, fetchImpl);
  }
  return undefined;
}

function keep(source: () => Promise<Expiring<Credentials>>): () => Promise<Credentials> {
  let kept: Expiring<Credentials> | undefined;
  let renewal: Promise<Expiring<Credentials>> | undefined;
  return async () => {
    if (kept !== undefined && kept.expiresAtMs - Date.now() > MARGIN_MS) return kept.value;
    renewal ??= source().finally(() => (renewal = undefined));
    kept = await renewal;
    return kept.value;
  };
}
