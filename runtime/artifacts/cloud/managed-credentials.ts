import { z } from "zod";
import { Unavailable } from "../../errors.ts";
import type { Credentials } from "../credentials.ts";
import { signedHeaders, type AwsKeys } from "./sigv4.ts";
import { form, requestJson } from "./token-request.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** User name for logins with a refresh token of Azure's registry. */
const TOKEN_USER = "00000000-0000-0000-0000-000000000000";

/**
 * Returns credentials of a cloud's registry for a server that the cloud runs outside of Kubernetes: with its role on AWS, with its
 * managed identity on Azure. Undefined for any other registry. They last at least an hour, enough to pull a model once.
 * Throws Unavailable or a RegistryError if the cloud issues none.
 */
export async function managedCredentials(
  host: string,
  env: Env,
  fetchImpl: typeof fetch = fetch,
): Promise<Credentials | undefined> {
  const ecr = /^\d{12}\.dkr\.ecr\.([a-z0-9-]+)\.(amazonaws\.com(?:\.cn)?)$/.exec(host);
  if (ecr?.[1] !== undefined) return ecrCredentials(ecr[1], ecr[2] ?? "", env, fetchImpl);
  if (/^[a-z0-9]+\.azurecr\.(io|cn|us)$/.test(host)) return acrCredentials(host, env, fetchImpl);
  return undefined;
}

const ecrSchema = z.object({
  authorizationData: z.array(z.object({ authorizationToken: z.string() })).min(1),
});

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html */
async function ecrCredentials(
  region: string,
  domain: string,
  env: Env,
  fetchImpl: typeof fetch,
): Promise<Credentials> {
  const url = `https://api.ecr.${region}.${domain}/`;
  const body = "{}";
  const headers = {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken",
  };
  const keys = await awsKeys(env, fetchImpl);
  const signed = signedHeaders({ url, service: "ecr", region, headers, body }, keys, new Date());
  const request = { method: "POST", headers: signed, body };
  const answer = await requestJson(fetchImpl, "get a token of Amazon ECR", url, request, ecrSchema);
  const token = Buffer.from(answer.authorizationData[0]?.authorizationToken ?? "", "base64").toString();
  const colon = token.indexOf(":");
  return { username: token.slice(0, colon), password: token.slice(colon + 1) };
}

const keysSchema = z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), Token: z.string() });

/** Reads the role's keys from the environment (Lambda) or from the container's credentials endpoint (SageMaker). */
async function awsKeys(env: Env, fetchImpl: typeof fetch): Promise<AwsKeys> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  const { AWS_SESSION_TOKEN: sessionToken } = env;
  if (accessKeyId !== undefined && secretAccessKey !== undefined)
    return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  const relative = env["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"];
  const url =
    relative === undefined ? env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] : `http://169.254.170.2${relative}`;
  if (url === undefined)
    throw new Unavailable("registry: AWS gives this process no role; give it one, or set DOCKER_CONFIG");
  const authorization = env["AWS_CONTAINER_AUTHORIZATION_TOKEN"];
  const init = authorization === undefined ? {} : { headers: { authorization } };
  const keys = await requestJson(fetchImpl, "get the keys of this container's role", url, init, keysSchema);
  return { accessKeyId: keys.AccessKeyId, secretAccessKey: keys.SecretAccessKey, sessionToken: keys.Token };
}

const accessSchema = z.object({ access_token: z.string() });
const refreshSchema = z.object({ refresh_token: z.string() });

/** @see https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md */
async function acrCredentials(host: string, env: Env, fetchImpl: typeof fetch): Promise<Credentials> {
  const [url, init] = azureTokenRequest(env);
  const what = "get the token of the managed identity";
  const identity = await requestJson(fetchImpl, what, url, init, accessSchema);
  const { refresh_token: password } = await requestJson(
    fetchImpl,
    "exchange the token of the managed identity for one of the registry",
    `https://${host}/oauth2/exchange`,
    form({ grant_type: "access_token", service: host, access_token: identity.access_token }),
    refreshSchema,
  );
  return { username: TOKEN_USER, password };
}

/** Returns the request for a token: App Service and Azure Machine Learning each have their own endpoint, machines the metadata service. */
function azureTokenRequest(env: Env): [url: string, init: RequestInit] {
  const { AZURE_CLIENT_ID: client, IDENTITY_ENDPOINT: appService, MSI_ENDPOINT: machineLearning } = env;
  const query = (version: string, clientKey: string): string => {
    const pairs = { "api-version": version, resource: "https://containerregistry.azure.net" };
    return new URLSearchParams(client === undefined ? pairs : { ...pairs, [clientKey]: client }).toString();
  };
  if (appService !== undefined)
    return [
      `${appService}?${query("2019-08-01", "client_id")}`,
      { headers: { "x-identity-header": env["IDENTITY_HEADER"] ?? "" } },
    ];
  if (machineLearning !== undefined)
    return [
      `${machineLearning}?${query("2017-09-01", "clientid")}`,
      { headers: { secret: env["MSI_SECRET"] ?? "" } },
    ];
  const metadata = "http://169.254.169.254/metadata/identity/oauth2/token";
  return [`${metadata}?${query("2018-02-01", "client_id")}`, { headers: { metadata: "true" } }];
}
