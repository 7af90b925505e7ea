import { createHash, createHmac } from "node:crypto";
import { z } from "zod";
import { Unavailable } from "../errors.ts";
import type { Credentials } from "./credentials.ts";

type Env = Readonly<Record<string, string | undefined>>;

const ECR = /^(\d{12})\.dkr\.ecr(-fips)?\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/;
const ARTIFACT_REGISTRY = /(^|\.)(pkg\.dev|gcr\.io)$/;
const ACR = /\.azurecr\.io$/;

/**
 * Credentials of a cloud's own registry for whoever this process is there: its role on AWS, its service account on Google
 * Cloud, its managed identity on Azure. Undefined for any other registry. They hold for an hour at least, which is enough to
 * pull a model once. Throws Unavailable where the cloud gives none.
 */
export async function identityCredentials(
  host: string,
  env: Env,
  fetchImpl: typeof fetch = fetch,
): Promise<Credentials | undefined> {
  const ecr = ECR.exec(host);
  if (ecr?.[3] !== undefined) return ecrCredentials(ecr[3], ecr[4] ?? "", env, fetchImpl);
  if (ARTIFACT_REGISTRY.test(host)) return googleCredentials(fetchImpl);
  if (ACR.test(host)) return acrCredentials(host, env, fetchImpl);
  return undefined;
}

/** @see https://cloud.google.com/artifact-registry/docs/docker/authentication#token */
async function googleCredentials(fetchImpl: typeof fetch): Promise<Credentials> {
  const url = "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token";
  const body = await askFor(fetchImpl, "service account's token", url, {
    headers: { "metadata-flavor": "Google" },
  });
  return { username: "oauth2accesstoken", password: token(body, "access_token") };
}

/** @see https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md */
async function acrCredentials(host: string, env: Env, fetchImpl: typeof fetch): Promise<Credentials> {
  const identity = await askFor(fetchImpl, "managed identity's token", ...azureTokenRequest(env));
  const exchanged = await askFor(fetchImpl, "registry's token", `https://${host}/oauth2/exchange`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "access_token",
      service: host,
      access_token: token(identity, "access_token"),
    }),
  });
  return { username: "00000000-0000-0000-0000-000000000000", password: token(exchanged, "refresh_token") };
}

/** App Service and Azure Machine Learning have an endpoint each, with words of its own; machines have the metadata service. */
function azureTokenRequest(env: Env): [url: string, init: RequestInit] {
  const { AZURE_CLIENT_ID: client, IDENTITY_ENDPOINT: appService, MSI_ENDPOINT: machineLearning } = env;
  const query = (version: string, clientKey: string): string => {
    const pairs = { "api-version": version, resource: "https://management.azure.com/" };
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

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html */
async function ecrCredentials(
  region: string,
  suffix: string,
  env: Env,
  fetchImpl: typeof fetch,
): Promise<Credentials> {
  const host = `api.ecr.${region}.amazonaws.com${suffix}`;
  const target = "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken";
  const keys = await awsKeys(env, fetchImpl);
  const headers = signAws({ host, region, service: "ecr", target, body: "{}", keys, now: new Date() });
  const answer = await askFor(fetchImpl, "registry's token", `https://${host}/`, {
    method: "POST",
    headers,
    body: "{}",
  });
  const data = z.object({ authorizationData: z.array(z.object({ authorizationToken: z.string() })).min(1) });
  const [first] = data.parse(answer).authorizationData;
  const plain = Buffer.from(first?.authorizationToken ?? "", "base64").toString();
  return { username: "AWS", password: plain.slice(plain.indexOf(":") + 1) };
}

export interface AwsKeys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

/** From the environment (Lambda), or from the endpoint that containers are given (SageMaker, ECS, EKS Pod Identity). */
async function awsKeys(env: Env, fetchImpl: typeof fetch): Promise<AwsKeys> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (accessKeyId !== undefined && secretAccessKey !== undefined)
    return { accessKeyId, secretAccessKey, sessionToken: env["AWS_SESSION_TOKEN"] };
  const relative = env["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"];
  const url =
    relative === undefined ? env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] : `http://169.254.170.2${relative}`;
  if (url === undefined)
    throw new Unavailable("registry: AWS gives this process no role; set DOCKER_CONFIG or a role");
  const authorization = env["AWS_CONTAINER_AUTHORIZATION_TOKEN"];
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  const body = await askFor(fetchImpl, "role's credentials", url, { headers });
  const keys = z
    .object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), Token: z.string().optional() })
    .parse(body);
  return { accessKeyId: keys.AccessKeyId, secretAccessKey: keys.SecretAccessKey, sessionToken: keys.Token };
}

export interface AwsCall {
  host: string;
  region: string;
  service: string;
  /** Value of X-Amz-Target. */
  target: string;
  body: string;
  keys: AwsKeys;
  now: Date;
}

/** Headers of a signed `POST /` in AWS JSON 1.1. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
export function signAws({ host, region, service, target, body, keys, now }: AwsCall): Record<string, string> {
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, "");
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const headers: Record<string, string> = {
    "content-type": "application/x-amz-json-1.1",
    host,
    "x-amz-date": time,
    ...(keys.sessionToken === undefined ? {} : { "x-amz-security-token": keys.sessionToken }),
    "x-amz-target": target,
  };
  const names = Object.keys(headers).join(";");
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ["POST", "/", "", lines.join(""), names, sha256(body)].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
  const key = scope
    .split("/")
    .reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${keys.secretAccessKey}`);
  const signature = hmac(key, toSign).toString("hex");
  const credential = `Credential=${keys.accessKeyId}/${scope}`;
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

async function askFor(
  fetchImpl: typeof fetch,
  what: string,
  url: string,
  init: RequestInit,
): Promise<unknown> {
  let response: Response;
  try {
    response = await fetchImpl(url, { ...init, signal: AbortSignal.timeout(5000) });
  } catch (error) {
    throw new Unavailable(`registry: the ${what} must be had from ${new URL(url).host}`, { cause: error });
  }
  if (response.ok) return response.json();
  await response.body?.cancel();
  throw new Unavailable(
    `registry: the ${what} must be had from ${new URL(url).host}, got status ${response.status}; check the rights of this identity`,
  );
}

function token(body: unknown, name: string): string {
  return z.object({ [name]: z.string() }).parse(body)[name] ?? "";
}
