import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { digestOf } from "../../../runtime/artifacts/digest.ts";
import { registryClient } from "../../../runtime/artifacts/registry-client.ts";
import { withScratch } from "../../../runtime/scratch.ts";
import { registryServer } from "../support/registry-server.ts";
import type { Answer, RegistryServer } from "../support/registry-server.ts";

const credentials = { username: "slipway", password: "hunter2-secret" };
let server: RegistryServer;
afterEach(() => server.close());

const client = (path = ""): ReturnType<typeof registryClient> =>
  registryClient({ url: `${server.url}${path}`, credentials, retries: 2, backoffMs: 1 });

describe("a registry client", () => {
  it("puts the path of its address before every repository", async () => {
    server = await registryServer(() => ({ status: 200 }));
    expect(await client("/team/a").hasBlob("flight-delays/model", digestOf("x"))).toBe(true);
    expect(server.requests[0]?.line).toBe(`HEAD /v2/team/a/flight-delays/model/blobs/${digestOf("x")}`);
  });

  it("tries again after 5xx, 429 and a dropped connection", async () => {
    const answers = [{ status: 503 }, "drop" as const, { status: 200, body: `{"tags":["b","a"]}` }];
    server = await registryServer((_, count) => answers[count - 1]!);
    expect(await client().listTags("a")).toEqual(["a", "b"]);
    expect(server.requests).toHaveLength(3);
  });

  it("gives up after its retries, and says what, where, the status and the fix", async () => {
    server = await registryServer(() => ({
      status: 500,
      body: `{"errors":[{"code":"UNKNOWN","message":"disk"}]}`,
    }));
    await expect(client().listTags("a")).rejects.toThrow(
      `registry: list tags of a: status 500 from ${server.url}/v2/a/tags/list (UNKNOWN: disk); the registry failed: read its log`,
    );
    expect(server.requests).toHaveLength(3);
  });

  it("does not repeat a request that is refused, nor print its credentials", async () => {
    server = await registryServer(() => ({
      status: 401,
      headers: { "www-authenticate": 'Basic realm="r"' },
    }));
    const failure = await client().listTags("a").catch(String);
    expect(failure).toContain("status 401");
    expect(failure).toContain("DOCKER_CONFIG");
    expect(failure).not.toContain("hunter2");
    expect(server.requests.map(({ authorization }) => authorization)).toEqual([
      undefined,
      `Basic ${Buffer.from("slipway:hunter2-secret").toString("base64")}`,
    ]);
  });

  it("lets requests that were challenged at the same time all try again", async () => {
    server = await registryServer((request) =>
      request.headers.authorization === undefined
        ? { status: 401, headers: { "www-authenticate": "Basic" } }
        : { status: 200, body: `{"tags":["a"]}` },
    );
    const registry = client();
    const answers = await Promise.all([1, 2, 3].map(() => registry.listTags("a")));
    expect(answers).toEqual([["a"], ["a"], ["a"]]);
  });

  it("does not print a token that cannot be in a header", async () => {
    server = await registryServer((request) => {
      if (request.url?.startsWith("/token")) return { status: 200, body: `{"token":"hun\\nter2"}` };
      const realm = `http://${request.headers.host}/token`;
      return { status: 401, headers: { "www-authenticate": `Bearer realm="${realm}"` } };
    });
    const failure = await client().listTags("a").catch(String);
    expect(failure).toContain("no token in the answer");
    expect(failure).not.toMatch(/hun|ter2/);
  });

  it("fetches a token where the registry asks for one, once per scope", async () => {
    server = await registryServer((request) => {
      if (request.url?.startsWith("/token")) return { status: 200, body: `{"token":"t1"}` };
      if (request.headers.authorization === "Bearer t1") return { status: 200, body: `{"tags":[]}` };
      const realm = `http://${request.headers.host}/token`;
      const challenge = `Bearer realm="${realm}",service="reg",scope="repository:a:pull"`;
      return { status: 401, headers: { "www-authenticate": challenge } };
    });
    const registry = client();
    await registry.listTags("a");
    await registry.listTags("a");
    expect(server.requests.map(({ line }) => line)).toEqual([
      "GET /v2/a/tags/list?n=1000",
      "GET /token?service=reg&scope=repository%3Aa%3Apull",
      "GET /v2/a/tags/list?n=1000",
      "GET /v2/a/tags/list?n=1000",
    ]);
    expect(server.requests[1]?.authorization).toMatch(/^Basic /);
  });

  it("never sends its credentials to the host that an upload is sent on to", async () => {
    const other = await registryServer(() => ({ status: 201 }));
    server = await registryServer((request): Answer => {
      if (request.headers.authorization === undefined)
        return { status: 401, headers: { "www-authenticate": "Basic" } };
      if (request.method === "POST") return { status: 202, headers: { location: `${other.url}/up?state=1` } };
      return { status: 404 };
    });
    await client().pushBlob("a", digestOf("x"), Buffer.from("x"));
    expect(other.requests).toEqual([
      { line: `PUT /up?state=1&digest=${encodeURIComponent(digestOf("x"))}`, authorization: undefined },
    ]);
    await other.close();
  });

  it("does not upload a blob that is there", async () => {
    server = await registryServer(() => ({ status: 200 }));
    await client().pushBlob("a", digestOf("x"), Buffer.from("x"));
    expect(server.requests.map(({ line }) => line)).toEqual([`HEAD /v2/a/blobs/${digestOf("x")}`]);
  });

  it.each([
    ["changed", "good!"],
    ["cut short", "goo"],
    ["longer than announced", "good data"],
  ])("leaves no file behind when a blob is %s", async (_, body) => {
    server = await registryServer(() => ({ status: 200, body }));
    await withScratch(async (scratch) => {
      const pull = client().pullBlob("a", { digest: digestOf("good."), size: 5 }, join(scratch, "f"));
      await expect(pull).rejects.toThrow(/blob of a must be 5 bytes with digest/);
      expect(await readdir(scratch)).toEqual([]);
    });
  });

  it("pulls an empty blob", async () => {
    server = await registryServer(() => ({ status: 200, body: "" }));
    await withScratch(async (scratch) => {
      await client().pullBlob("a", { digest: digestOf(""), size: 0 }, join(scratch, "f"));
      expect(await readFile(join(scratch, "f"), "utf8")).toBe("");
    });
  });

  it("refuses a manifest that is not what its digest says", async () => {
    server = await registryServer(() => ({ status: 200, body: "{}" }));
    await expect(client().getManifest("a", digestOf("other"))).rejects.toThrow(/must have digest/);
  });

  it("follows the pages of a long list of tags", async () => {
    server = await registryServer((request) =>
      request.url?.includes("last=a")
        ? { status: 200, body: `{"tags":["b"]}` }
        : {
            status: 200,
            headers: { link: `</v2/a/tags/list?n=1&last=a>; rel="next"` },
            body: `{"tags":["a"]}`,
          },
    );
    expect(await client().listTags("a")).toEqual(["a", "b"]);
  });

  it("does not follow the pages of a list of tags in a circle", async () => {
    server = await registryServer(() => ({
      status: 200,
      headers: { link: `</v2/a/tags/list?n=1&last=a>; rel="next"` },
      body: `{"tags":["a"]}`,
    }));
    await expect(client().listTags("a")).rejects.toThrow(/list of tags of a must end .* in a circle/);
    expect(server.requests).toHaveLength(2);
  });

  it("does not follow the pages of a list of repositories in a circle", async () => {
    server = await registryServer(() => ({
      status: 200,
      headers: { link: `</v2/_catalog?n=1&last=a>; rel="next"` },
      body: `{"repositories":["a"]}`,
    }));
    await expect(client().listRepositories()).rejects.toThrow(/list of repositories must end .* in a circle/);
  });

  it("names the registry whose answer was cut off", async () => {
    server = await registryServer(() => ({
      status: 200,
      headers: { "content-length": "100", connection: "close" },
      body: "{}",
    }));
    const address = server.url.replaceAll(".", String.raw`\.`);
    await expect(client().getManifest("a", "latest")).rejects.toThrow(
      new RegExp(`^registry: get manifest latest of a: no answer from ${address}.*the answer was cut off`),
    );
    await withScratch(async (scratch) => {
      const blob = { digest: digestOf("x"), size: 100 };
      await expect(client().pullBlob("a", blob, join(scratch, "f"))).rejects.toThrow(
        /the answer was cut off/,
      );
      expect(await readdir(scratch)).toEqual([]);
    });
  });

  it.each(["ftp://x", "registry:5000", "http://user:pw@host"])("refuses the address %s", async (url) => {
    server = await registryServer(() => ({ status: 200 }));
    expect(() => registryClient({ url })).toThrow(/address must be http/);
  });
});
