import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connectRegistry } from "../../operations/connect-registry.ts";
import { registryLogin } from "../../operations/registry-login.ts";
import { digestOf } from "../../runtime/artifacts/digest.ts";
import { registryServer, type RegistryServer } from "../runtime/support/registry-server.ts";

const MINUTE_MS = 60_000;
const basic = (password: string): string => `Basic ${Buffer.from(`user:${password}`).toString("base64")}`;
const REFUSAL = { status: 401, headers: { "www-authenticate": "Basic" } };
const TAGS = { status: 200, body: `{"tags":["a"]}` };

let server: RegistryServer;
let folder: string;
/** Password that the registry accepts; undefined for none. */
let valid: string | undefined;
/** Passwords that the login gave, in order. */
let logins: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "connect-"));
  logins = [];
  valid = "p1";
  vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
  server = await registryServer(({ headers }) =>
    valid !== undefined && headers.authorization === basic(valid) ? TAGS : REFUSAL,
  );
});
afterEach(async () => {
  vi.useRealTimers();
  await server.close();
  await rm(folder, { recursive: true });
});

const login = (): Promise<{ username: string; password: string }> => {
  logins.push(`p${logins.length + 1}`);
  return Promise.resolve({ username: "user", password: logins.at(-1)! });
};
const pass = (minutes: number): unknown => vi.setSystemTime(Date.now() + minutes * MINUTE_MS);
const connect = (): ReturnType<typeof connectRegistry> =>
  connectRegistry({ url: server.url, login, retries: 1 }, { DOCKER_CONFIG: folder });

describe("a client that logs in with the command line of a cloud", () => {
  it("logs in again where the registry refuses a token that has expired, once for requests at one time", async () => {
    const registry = await connect();
    expect(await registry.listTags("r")).toEqual(["a"]);
    pass(20);
    valid = "p2";
    expect(await Promise.all([1, 2, 3].map(() => registry.listTags("r")))).toEqual([["a"], ["a"], ["a"]]);
    expect(logins).toEqual(["p1", "p2"]);
  });

  it("says that it waits for the command line of the cloud", async () => {
    const lines: string[] = [];
    await connectRegistry(
      { url: server.url, login, note: (line) => lines.push(`${logins.length} logins: ${line}`) },
      { DOCKER_CONFIG: folder },
    );
    expect(lines).toEqual([
      `0 logins: Waiting for the command line of the cloud to log in to the registry ${new URL(server.url).host}`,
    ]);
  });

  it("logs in again before the token gets old, without a refusal", async () => {
    const registry = await connect();
    await registry.listTags("r");
    pass(50);
    valid = "p2";
    const before = server.requests.length;
    expect(await registry.listTags("r")).toEqual(["a"]);
    expect(server.requests.slice(before).map(({ authorization }) => authorization)).toEqual([basic("p2")]);
  });

  it("logs in once more, and no oftener, where the registry refuses everything", async () => {
    const registry = await connect();
    pass(20);
    valid = undefined;
    await expect(registry.listTags("r")).rejects.toThrow("status 401");
    await expect(registry.listTags("r")).rejects.toThrow("status 401");
    expect(logins).toEqual(["p1", "p2"]);
  });

  it("sends an upload again whose token expires in the middle", async () => {
    await server.close();
    const uploads: (string | undefined)[] = [];
    server = await registryServer(({ method, headers }) => {
      if (headers.authorization !== basic(valid ?? "")) return REFUSAL;
      if (method === "HEAD") return { status: 404 };
      if (method === "PUT") {
        uploads.push(headers["content-length"]);
        return { status: 201 };
      }
      valid = "p2"; // from here on
      pass(20);
      return { status: 202, headers: { location: "/upload" } };
    });
    const registry = await connect();
    await registry.pushBlob("r", digestOf("content"), Buffer.from("content"));
    expect(uploads).toEqual(["7"]);
    expect(logins).toEqual(["p1", "p2"]);
  });

  it("leaves credentials of docker login that the registry refuses", async () => {
    const auths = { [new URL(server.url).host]: { username: "user", password: "old" } };
    await writeFile(join(folder, "config.json"), JSON.stringify({ auths }));
    const registry = await connect();
    expect(logins).toEqual([]);
    expect(await registry.listTags("r")).toEqual(["a"]);
    expect(logins).toEqual(["p1"]);
  });

  it("says how to log in where the login has ended meanwhile, and does not ask again and again", async () => {
    let ran = 0;
    const ofCloud = registryLogin("acr", "https://acme.azurecr.io", () => {
      ran++;
      return ran === 1 ? Promise.resolve("p1") : Promise.reject(new Error("Please run 'az login'"));
    });
    await server.close();
    server = await registryServer(() => REFUSAL);
    const registry = await connectRegistry(
      { url: server.url, login: ofCloud!, retries: 4 },
      { DOCKER_CONFIG: folder },
    );
    pass(50);
    await expect(registry.listTags("r")).rejects.toThrow(
      "registry acme.azurecr.io: cannot log in: Please run 'az login'; log in to the cloud",
    );
    expect(ran).toBe(2);
  });
});

it("asks a registry without a login with the credentials of docker login alone", async () => {
  const auths = { [new URL(server.url).host]: { username: "user", password: "p1" } };
  await writeFile(join(folder, "config.json"), JSON.stringify({ auths }));
  const registry = await connectRegistry({ url: server.url, retries: 0 }, { DOCKER_CONFIG: folder });
  expect(await registry.listTags("r")).toEqual(["a"]);
  valid = "p2";
  await expect(registry.listTags("r")).rejects.toThrow("status 401");
});
