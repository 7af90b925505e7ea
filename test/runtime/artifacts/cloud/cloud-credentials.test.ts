import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { cloudCredentials } from "../../../../runtime/artifacts/cloud/cloud-credentials.ts";
import { connectRegistry } from "../../../../runtime/artifacts/registry-client.ts";
import { cloud, type Cloud, type CloudAnswer, type CloudRequest } from "./cloud-registries.ts";

let folder: string;
let tokenFile: string;
let clouds: Cloud;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloud-credentials-"));
  tokenFile = join(folder, "token");
  await writeFile(tokenFile, "service-account-token\n");
});
afterEach(async () => {
  vi.useRealTimers();
  await clouds.close();
  await rm(folder, { recursive: true, force: true });
});

const tags: CloudAnswer = { status: 200, body: { tags: ["champion"] } };
const fields = (request: CloudRequest | undefined) => Object.fromEntries(new URLSearchParams(request?.body));
const basic = (username: string, password: string) =>
  `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
const jwt = (exp: number) => `e30.${Buffer.from(JSON.stringify({ exp })).toString("base64url")}.s`;
const inHours = (hours: number) => Math.floor(Date.now() / 1000) + hours * 3600;

async function listTags(host: string, env: Record<string, string>): Promise<string[]> {
  const settings = { SLIPWAY_REGISTRY: `https://${host}`, DOCKER_CONFIG: folder, ...env };
  return (await connectRegistry(settings, clouds.fetch)).listTags("flight-delays/model");
}

describe("Amazon ECR", () => {
  const host = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
  const env = () => ({
    AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/pushback",
    AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
  });
  const password = "ecr:password";
  const answer =
    (hours = 12) =>
    ({ host: to, headers }: CloudRequest): CloudAnswer => {
      if (to.startsWith("sts."))
        return {
          status: 200,
          body: `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult><Credentials>
    <SessionToken>session</SessionToken><SecretAccessKey>secret-key</SecretAccessKey>
    <Expiration>2026-10-24T23:00:23Z</Expiration><AccessKeyId>ASIAEXAMPLE</AccessKeyId>
  </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
        };
      if (to.startsWith("api.ecr.")) {
        const authorizationToken = Buffer.from(`AWS:${password}`).toString("base64");
        const data = { authorizationToken, expiresAt: inHours(hours), proxyEndpoint: `https://${host}` };
        return { status: 200, body: { authorizationData: [data] } };
      }
      if (headers.authorization === basic("AWS", password)) return tags;
      return {
        status: 401,
        headers: { "www-authenticate": `Basic realm="https://${host}/",service="ecr.amazonaws.com"` },
      };
    };

  it("is read by the role of the service account: STS, then ECR, then the registry", async () => {
    clouds = await cloud(answer());
    expect(await listTags(host, env())).toEqual(["champion"]);
    expect(clouds.lines).toEqual([
      `GET ${host}/v2/flight-delays/model/tags/list`,
      "POST sts.eu-central-1.amazonaws.com/",
      "POST api.ecr.eu-central-1.amazonaws.com/",
      `GET ${host}/v2/flight-delays/model/tags/list`,
    ]);
    expect(fields(clouds.requests[1])).toEqual({
      Action: "AssumeRoleWithWebIdentity",
      Version: "2011-06-15",
      RoleArn: "arn:aws:iam::123456789012:role/pushback",
      RoleSessionName: "slipway",
      WebIdentityToken: "service-account-token",
    });
    expect(clouds.requests[2]?.headers).toMatchObject({
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken",
      "x-amz-security-token": "session",
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE\/\d{8}\/eu-central-1\/ecr\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature=[0-9a-f]{64}$/,
      ) as unknown,
    });
  });

  it("gives one password for many requests, and a new one shortly before it expires", async () => {
    clouds = await cloud(answer(12));
    const credentials = cloudCredentials(host, env(), clouds.fetch)!;
    await Promise.all([credentials(), credentials(), credentials()]);
    expect(clouds.requests).toHaveLength(2);
    vi.useFakeTimers({ now: Date.now() + 11.8 * 3600 * 1000, toFake: ["Date"] });
    await credentials();
    expect(clouds.requests).toHaveLength(2);
    vi.setSystemTime(Date.now() + 0.15 * 3600 * 1000);
    await credentials();
    expect(clouds.requests).toHaveLength(4);
  });

  it("refused by STS, it says what was tried and nothing of the token or of the answer", async () => {
    clouds = await cloud(() => ({
      status: 403,
      body: "<Message>service-account-token is not trusted</Message>",
    }));
    const failure = await cloudCredentials(host, env(), clouds.fetch)!().catch(String);
    expect(failure).toContain(
      "take the role of AWS_ROLE_ARN: status 403 from https://sts.eu-central-1.amazonaws.com/",
    );
    expect(failure).not.toContain("service-account-token");
  });

  it("tries again after a failure", async () => {
    let failures = 1;
    clouds = await cloud((request) => (failures-- > 0 ? { status: 503 } : answer()(request)));
    const credentials = cloudCredentials(host, env(), clouds.fetch)!;
    await expect(credentials()).rejects.toThrow("status 503");
    expect(await credentials()).toEqual({ username: "AWS", password });
  });

  it("names the variable when the token's file is not there", async () => {
    clouds = await cloud(answer());
    const missing = { ...env(), AWS_WEB_IDENTITY_TOKEN_FILE: "/nonexistent" };
    await expect(cloudCredentials(host, missing, clouds.fetch)!()).rejects.toThrow(
      /^AWS_WEB_IDENTITY_TOKEN_FILE: must name a file that can be read: ENOENT/,
    );
  });
});

describe("Google Artifact Registry", () => {
  const host = "europe-west1-docker.pkg.dev";
  const answer = ({ host: to, path, headers }: CloudRequest): CloudAnswer => {
    if (to === "169.254.169.254")
      return headers["metadata-flavor"] === "Google"
        ? { status: 200, body: { access_token: "ya29.token", expires_in: 3599, token_type: "Bearer" } }
        : { status: 403 };
    if (path.startsWith("/v2/token")) {
      const known = headers.authorization === basic("oauth2accesstoken", "ya29.token");
      return known ? { status: 200, body: { token: "for-the-repository" } } : { status: 401 };
    }
    if (headers.authorization === "Bearer for-the-repository") return tags;
    return {
      status: 401,
      headers: { "www-authenticate": `Bearer realm="https://${host}/v2/token",service="${host}"` },
    };
  };

  it("is read by the token of the metadata server", async () => {
    clouds = await cloud(answer);
    expect(await listTags(host, {})).toEqual(["champion"]);
    expect(clouds.lines).toEqual([
      `GET ${host}/v2/flight-delays/model/tags/list`,
      "GET 169.254.169.254/computeMetadata/v1/instance/service-accounts/default/token",
      `GET ${host}/v2/token`,
      `GET ${host}/v2/flight-delays/model/tags/list`,
    ]);
  });

  it("says so when the metadata server gives no token", async () => {
    clouds = await cloud((request) => (request.host.startsWith("169") ? { status: 404 } : answer(request)));
    await expect(listTags(host, {})).rejects.toThrow("get a token of Google's metadata server: status 404");
  });

  it("refuses an answer of another form", async () => {
    clouds = await cloud((request) =>
      request.host.startsWith("169") ? { status: 200, body: "<html>" } : answer(request),
    );
    await expect(listTags(host, {})).rejects.toThrow("the answer has another form than documented");
  });
});

describe("Azure Container Registry", () => {
  const host = "slipway.azurecr.io";
  const env = () => ({
    AZURE_CLIENT_ID: "client",
    AZURE_TENANT_ID: "tenant",
    AZURE_FEDERATED_TOKEN_FILE: tokenFile,
    AZURE_AUTHORITY_HOST: "https://login.microsoftonline.com/",
  });
  const refresh = jwt(inHours(3));
  const answer = ({ host: to, path, headers }: CloudRequest): CloudAnswer => {
    if (to === "login.microsoftonline.com")
      return { status: 200, body: { access_token: "entra-token", expires_in: 86399, token_type: "Bearer" } };
    if (path === "/oauth2/exchange") return { status: 200, body: { refresh_token: refresh } };
    if (path.startsWith("/oauth2/token")) {
      const known = headers.authorization === basic("00000000-0000-0000-0000-000000000000", refresh);
      return known ? { status: 200, body: { access_token: "for-the-repository" } } : { status: 401 };
    }
    if (headers.authorization === "Bearer for-the-repository") return tags;
    const challenge = `Bearer realm="https://${host}/oauth2/token",service="${host}",scope="repository:flight-delays/model:metadata_read"`;
    return { status: 401, headers: { "www-authenticate": challenge } };
  };

  it("is read by the federated token: Entra, exchange, token, registry", async () => {
    clouds = await cloud(answer);
    expect(await listTags(host, env())).toEqual(["champion"]);
    expect(clouds.lines).toEqual([
      `GET ${host}/v2/flight-delays/model/tags/list`,
      "POST login.microsoftonline.com/tenant/oauth2/v2.0/token",
      `POST ${host}/oauth2/exchange`,
      `GET ${host}/oauth2/token`,
      `GET ${host}/v2/flight-delays/model/tags/list`,
    ]);
    expect(fields(clouds.requests[1])).toEqual({
      grant_type: "client_credentials",
      client_id: "client",
      scope: "https://containerregistry.azure.net/.default",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: "service-account-token",
    });
    expect(fields(clouds.requests[2])).toEqual({
      grant_type: "access_token",
      service: host,
      tenant: "tenant",
      access_token: "entra-token",
    });
    expect(clouds.requests[3]?.path).toContain("scope=repository%3Aflight-delays%2Fmodel%3Ametadata_read");
  });

  it("renews its token by the expiry that the token states", async () => {
    clouds = await cloud(answer);
    const credentials = cloudCredentials(host, env(), clouds.fetch)!;
    await credentials();
    vi.useFakeTimers({ now: Date.now() + 2.8 * 3600 * 1000, toFake: ["Date"] });
    await credentials();
    expect(clouds.requests).toHaveLength(2);
    vi.setSystemTime(Date.now() + 0.15 * 3600 * 1000);
    await credentials();
    expect(clouds.requests).toHaveLength(4);
  });
});

it("a Docker config that has the registry comes first", async () => {
  const host = "europe-west1-docker.pkg.dev";
  clouds = await cloud(({ headers }) =>
    headers.authorization === basic("robot", "static")
      ? tags
      : { status: 401, headers: { "www-authenticate": 'Basic realm="r"' } },
  );
  const auths = { [host]: { username: "robot", password: "static" } };
  await writeFile(join(folder, "config.json"), JSON.stringify({ auths }));
  expect(await listTags(host, {})).toEqual(["champion"]);
  expect(clouds.lines).toHaveLength(2);
});

it.each([
  ["a registry of no cloud", "registry.example.com"],
  ["a host that only looks like one", "123456789012.dkr.ecr.eu-central-1.amazonaws.com.example.com"],
  ["another that only looks like one", "europe-docker.pkg.dev.example.com"],
  ["ECR without a role", "123456789012.dkr.ecr.eu-central-1.amazonaws.com"],
  ["ACR without a client", "slipway.azurecr.io"],
])("%s gets nothing of the pod's identity", async (_, host) => {
  clouds = await cloud(() => tags);
  const all = { AWS_ROLE_ARN: "r", AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile };
  const env = host.endsWith("amazonaws.com") || host.endsWith("azurecr.io") ? {} : all;
  expect(cloudCredentials(host, env, clouds.fetch)).toBeUndefined();
});
