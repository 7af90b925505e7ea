import { createHash } from "node:crypto";
import { expect, test, vi } from "vitest";
import { UserError } from "../../../stacks/config/user-error.ts";
import { tagResolver, type TagResolverOptions } from "../../../stacks/config/tag-resolver.ts";

const manifest = '{"schemaVersion":2}';
const digest = `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
const registryUrl = "http://10.88.0.1:5000";
type Fetch = (url: URL | string, init?: RequestInit) => Promise<Response>;
const ask = (fetch: Fetch, more: Partial<TagResolverOptions> = {}): Promise<string | undefined> =>
  tagResolver({ registryUrl, fetch: fetch as typeof globalThis.fetch, ...more })(
    "flight-delays/pushback/model",
    "champion",
  );
const answering = (status: number): ReturnType<typeof vi.fn<Fetch>> =>
  vi.fn<Fetch>(() => Promise.resolve(new Response(status === 200 ? manifest : null, { status })));
const authorizationOf = (init?: RequestInit): string | null =>
  new Headers(init?.headers).get("authorization");

test("the digest is that of the tag's manifest", async () => {
  const fetch = answering(200);
  expect(await ask(fetch)).toBe(digest);
  expect(fetch.mock.calls.map(([url]) => String(url))).toEqual([
    "http://10.88.0.1:5000/v2/flight-delays/pushback/model/manifests/champion",
  ]);
});

test("a prefix goes before the repository", async () => {
  const fetch = answering(200);
  await ask(fetch, { registryUrl: "https://r.example.com/team/ml" });
  expect(String(fetch.mock.calls[0]?.[0])).toBe(
    "https://r.example.com/v2/team/ml/flight-delays/pushback/model/manifests/champion",
  );
});

test("a registry with Basic authentication gets the stack's credentials, which are read once", async () => {
  const credentials = vi.fn(() =>
    Promise.resolve({ credentials: { username: "u", password: "p" }, source: "a file" }),
  );
  const fetch = vi.fn<Fetch>((_url, init) =>
    Promise.resolve(
      authorizationOf(init) === "Basic dTpw"
        ? new Response(manifest)
        : new Response(null, { status: 401, headers: { "www-authenticate": 'Basic realm="r"' } }),
    ),
  );
  const resolve = tagResolver({ registryUrl, fetch: fetch as typeof globalThis.fetch, credentials });
  expect(await Promise.all([resolve("a/b/model", "champion"), resolve("a/c/model", "champion")])).toEqual([
    digest,
    digest,
  ]);
  expect(credentials).toHaveBeenCalledOnce();
});

test("a registry with token authentication, such as GHCR, gets a token for the repository", async () => {
  const fetch = vi.fn<Fetch>((url, init) => {
    const { hostname, searchParams } = new URL(String(url));
    if (hostname === "auth.example.com") {
      expect(authorizationOf(init)).toBe("Basic dTpw");
      expect(searchParams.get("service")).toBe("registry");
      return Promise.resolve(new Response('{"token":"t0ken"}'));
    }
    return Promise.resolve(
      authorizationOf(init) === "Bearer t0ken"
        ? new Response(manifest)
        : new Response(null, {
            status: 401,
            headers: {
              "www-authenticate": 'Bearer realm="https://auth.example.com/token",service="registry"',
            },
          }),
    );
  });
  const credentials = () =>
    Promise.resolve({ credentials: { username: "u", password: "p" }, source: "a file" });
  expect(await ask(fetch, { registryUrl: "https://ghcr.io/team", credentials })).toBe(digest);
});

test("a missing tag is no error", async () => {
  expect(await ask(answering(404))).toBeUndefined();
});

test.each([
  [
    401,
    "registry 10.88.0.1:5000: must allow reading flight-delays/pushback/model:champion, got 401; renew the credentials in slipway:registry.credentialsFile",
  ],
  [
    400,
    "registry 10.88.0.1:5000: must answer a request for flight-delays/pushback/model:champion like an OCI registry, got 400",
  ],
])("status %s is an error that says what to do", async (status, message) => {
  await expect(ask(answering(status))).rejects.toThrow(message);
});

test("a registry that does not answer is an error that names the registry and the alternative", async () => {
  const cause = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
  const fetch = vi.fn<Fetch>(() => Promise.reject(new TypeError("fetch failed", { cause })));
  // The program shows the message of a UserError without a stack trace.
  await expect(ask(fetch)).rejects.toThrow(UserError);
  await expect(ask(fetch)).rejects.toThrow(
    'registry 10.88.0.1:5000: must answer within 5000 ms, got ECONNREFUSED; start it, or pin the model with digest: "sha256:…"',
  );
});
