import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { registryCredentials } from "../../../stacks/config/registry-credentials.ts";

const ECR = "https://123456789012.dkr.ecr.eu-central-1.amazonaws.com";
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-docker-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const runHelper = (name: string, host: string): Promise<string> =>
  Promise.resolve(JSON.stringify({ Username: name, Secret: `for ${host}` }));
const asked = (url: string): ReturnType<typeof registryCredentials> =>
  registryCredentials({ url, env: { DOCKER_CONFIG: folder }, runHelper });

test("the credentials file of the stack has the first priority", async () => {
  const dockerConfig = '{"auths":{"r.example.com":{"auth":"dTpw"}}}';
  expect(
    await registryCredentials({ url: "https://r.example.com/team", dockerConfig, env: {}, runHelper }),
  ).toEqual({ credentials: { username: "u", password: "p" }, source: "slipway:registry.credentialsFile" });
});

test.each<[string, object, string, object | undefined]>([
  [
    "the credentials of docker login",
    { auths: { "r.example.com": { auth: "dTpw" } } },
    "https://r.example.com",
    { username: "u", password: "p" },
  ],
  [
    "the helper of the host",
    { credHelpers: { [new URL(ECR).host]: "ecr-login" } },
    ECR,
    { username: "ecr-login", password: `for ${new URL(ECR).host}` },
  ],
  [
    "the helper of all hosts, after a login to the host",
    { auths: { "r.azurecr.io": {} }, credsStore: "desktop" },
    "https://r.azurecr.io",
    { username: "desktop", password: "for r.azurecr.io" },
  ],
  ["no credentials, if there are none", { credsStore: "desktop" }, "https://r.example.com", undefined],
])("without that file: %s", async (_title, config, url, credentials) => {
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
  expect((await asked(url)).credentials).toEqual(credentials);
});

test("the cloud identity from environment variables has the last priority", async () => {
  await rm(join(folder, "config.json"), { force: true });
  const env = {
    DOCKER_CONFIG: folder,
    AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/ci",
    AWS_WEB_IDENTITY_TOKEN_FILE: "/token",
  };
  expect((await registryCredentials({ url: ECR, env })).credentials).toBeInstanceOf(Function);
});
