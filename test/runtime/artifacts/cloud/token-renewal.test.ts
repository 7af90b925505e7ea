import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { connectRegistry } from "../../../../runtime/artifacts/registry-client.ts";
import { cloud, type Cloud, type CloudAnswer, type CloudRequest } from "./cloud-registries.ts";

const HOUR_MS = 3600 * 1000;
let folder: string;
let clouds: Cloud;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "token-renewal-"));
  await writeFile(join(folder, "token"), "service-account-token");
  vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
});
afterEach(async () => {
  vi.useRealTimers();
  await clouds.close();
  await rm(folder, { recursive: true });
});

/** Tokens that expire. */
function issuer(lifetimeMs: number): { issue(): string; accepts(token: string): boolean; count(): number } {
  const issued: number[] = [];
  return {
    issue: () => `t${issued.push(Date.now())}`,
    accepts: (token) => {
      const at = issued[Number(/^t(\d+)$/.exec(token)?.[1] ?? 0) - 1];
      return at !== undefined && Date.now() < at + lifetimeMs;
    },
    count: () => issued.length,
  };
}

const passwordOf = ({ headers }: CloudRequest): string =>
  Buffer.from((headers.authorization ?? "").replace("Basic ", ""), "base64")
    .toString()
    .split(":")[1] ?? "";
const bearerOf = ({ headers }: CloudRequest): string => (headers.authorization ?? "").replace("Bearer ", "");
/** A token that states its expiry. */
const jwt = (lifetimeMs: number, signature: string): string =>
  `e30.${Buffer.from(JSON.stringify({ exp: (Date.now() + lifetimeMs) / 1000 })).toString("base64url")}.${signature}`;
const tags: CloudAnswer = { status: 200, body: { tags: ["champion"] } };
const challenge = (value: string): CloudAnswer => ({ status: 401, headers: { "www-authenticate": value } });

interface CloudCase {
  host: string;
  env: Record<string, string>;
  /** Time for which the cloud's token is valid. */
  lifetimeMs: number;
  answer: (cloudTokens: ReturnType<typeof issuer>) => (request: CloudRequest) => CloudAnswer;
}

const ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
const GOOGLE = "europe-west1-docker.pkg.dev";
const AZURE = "slipway.azurecr.io";

const CLOUDS: Record<string, CloudCase> = {
  "Amazon ECR": {
    host: ECR,
    env: { AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/r" },
    lifetimeMs: 12 * HOUR_MS,
    answer: (passwords) => (request) => {
      if (request.host.startsWith("sts."))
        return {
          status: 200,
          body: "<AccessKeyId>a</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>",
        };
      if (request.host.startsWith("api.ecr.")) {
        const authorizationToken = Buffer.from(`AWS:${passwords.issue()}`).toString("base64");
        const expiresAt = (Date.now() + 12 * HOUR_MS) / 1000;
        return { status: 200, body: { authorizationData: [{ authorizationToken, expiresAt }] } };
      }
      if (request.headers.authorization === undefined) return challenge('Basic realm="r"');
      // ECR answers 403, and not 401, to a password that has expired.
      return passwords.accepts(passwordOf(request)) ? tags : { status: 403 };
    },
  },
  "Google Artifact Registry": {
    host: GOOGLE,
    env: {},
    lifetimeMs: HOUR_MS,
    answer: (accessTokens) => {
      const bearers = issuer(HOUR_MS);
      return (request) => {
        if (request.host === "169.254.169.254")
          return { status: 200, body: { access_token: accessTokens.issue(), expires_in: 3600 } };
        if (request.path.startsWith("/v2/token"))
          return accessTokens.accepts(passwordOf(request))
            ? { status: 200, body: { token: bearers.issue() } }
            : { status: 403 };
        return bearers.accepts(bearerOf(request))
          ? tags
          : challenge(`Bearer realm="https://${GOOGLE}/v2/token"`);
      };
    },
  },
  "Azure Container Registry": {
    host: AZURE,
    env: { AZURE_CLIENT_ID: "c", AZURE_TENANT_ID: "t" },
    lifetimeMs: 3 * HOUR_MS,
    answer: (refreshTokens) => {
      const bearers = issuer(1.25 * HOUR_MS);
      return (request) => {
        if (request.host === "login.microsoftonline.com")
          return { status: 200, body: { access_token: "entra" } };
        if (request.path === "/oauth2/exchange")
          return { status: 200, body: { refresh_token: jwt(3 * HOUR_MS, refreshTokens.issue()) } };
        if (request.path.startsWith("/oauth2/token"))
          return refreshTokens.accepts(passwordOf(request).split(".")[2] ?? "")
            ? { status: 200, body: { access_token: bearers.issue() } }
            : { status: 401 };
        return bearers.accepts(bearerOf(request))
          ? tags
          : challenge(`Bearer realm="https://${AZURE}/oauth2/token"`);
      };
    },
  },
};

it.each(Object.keys(CLOUDS))("a pod's client of %s goes on after its token has expired", async (name) => {
  const { host, env, lifetimeMs, answer } = CLOUDS[name]!;
  const tokens = issuer(lifetimeMs);
  clouds = await cloud(answer(tokens));
  const registry = await connectRegistry(
    {
      SLIPWAY_REGISTRY: `https://${host}`,
      DOCKER_CONFIG: folder,
      SLIPWAY_REVISION: "r",
      AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, "token"),
      AZURE_FEDERATED_TOKEN_FILE: join(folder, "token"),
      ...env,
    },
    clouds.fetch,
  );
  const list = (): Promise<string[]> => registry.listTags("flight-delays/model");
  expect(await list()).toEqual(["champion"]);
  vi.setSystemTime(Date.now() + lifetimeMs / 2);
  expect(await list()).toEqual(["champion"]);
  expect(tokens.count()).toBe(1);
  vi.setSystemTime(Date.now() + lifetimeMs);
  expect(await Promise.all([list(), list(), list()])).toEqual([["champion"], ["champion"], ["champion"]]);
  expect(tokens.count()).toBe(2);
  vi.setSystemTime(Date.now() + 10 * lifetimeMs);
  expect(await list()).toEqual(["champion"]);
});
