import type { CloudIdentityEnv } from "../../contract/env.ts";
import type { Credentials, CredentialsSource } from "../credentials.ts";
import { renewingCredentials, type Expiring } from "../renewing-credentials.ts";
import { acrCredentials } from "./acr-credentials.ts";
import { artifactRegistryCredentials } from "./artifact-registry-credentials.ts";
import { ecrCredentials } from "./ecr-credentials.ts";

/** Link-local address, which needs no name resolution and which a network policy can allow. */
const METADATA_HOST = "169.254.169.254";

/**
 * Returns a function that gets credentials of a cloud's registry with the pod's own identity; undefined for other hosts and for
 * pods without an identity.
 */
export function cloudCredentials(
  host: string,
  env: CloudIdentityEnv,
  fetchImpl: typeof fetch,
): CredentialsSource | undefined {
  const source = sourceFor(host, env, fetchImpl);
  return source === undefined ? undefined : renewingCredentials(source);
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
