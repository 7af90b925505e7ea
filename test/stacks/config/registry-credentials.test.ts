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

test("the stack's own file comes first", async () => {
  const dockerConfig = '{"auths":{"r.example.com":{"auth":"dTpw"}}}';
  expect(
    await registryCredentials({ url: "https://r.example.com/team", dockerConfig, env: {}, runHelper }),
  ).toEqual({ credentials: { username: "u", password: "p" }, source: "slipway:registry.credentialsFile" });
});

test.each<[string, object, string, object | undefined]>([
  [
    "what docker login wrote",
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
    "the helper of all hosts, where the host was logged in to",
    { auths: { "r.azurecr.io": {} }, credsStore: "desktop" },
    "https://r.azurecr.io",
    { username: "desktop", password: "for r.azurecr.io" },
  ],
  ["nothing, where there is nothing", { credsStore: "desktop" }, "https://r.example.com", undefined],
])("without one: %s", async (_title, config, url, credentials) => {
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
  expect((await asked(url)).credentials).toEqual(credentials);
});

test("the identity in the registry's cloud that the environment names comes last", async () => {
  await rm(join(folder, "config.json"), { force: true });
  const env = {
    DOCKER_CONFIG: folder,
    AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/ci",
    AWS_WEB_IDENTITY_TOKEN_FILE: "/token",
  };
  expect((await registryCredentials({ url: ECR, env })).credentials).toBeInstanceOf(Function);
});
