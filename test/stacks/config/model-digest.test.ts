import { expect, test, vi } from "vitest";
import { modelDigest } from "../../../stacks/config/model-digest.ts";
import { resolveServices } from "../../../stacks/config/resolve-services.ts";

const digest = `sha256:${"b".repeat(64)}`;
const registryUrl = "http://10.88.0.1:5000";
const answering = (
  status: number,
  headers: Record<string, string> = {},
): typeof fetch & ReturnType<typeof vi.fn> =>
  vi.fn(() => Promise.resolve(new Response(null, { status, headers }))) as never;
const ask = (fetch: typeof globalThis.fetch, more = {}): Promise<string | undefined> =>
  modelDigest("flight-delays/pushback/model", "champion", { registryUrl, fetch, ...more });

test("the digest is what a HEAD of the tag's manifest says, asked for as an OCI manifest", async () => {
  const fetch = answering(200, { "docker-content-digest": digest });
  expect(await ask(fetch)).toBe(digest);
  expect(fetch).toHaveBeenCalledExactlyOnceWith(
    "http://10.88.0.1:5000/v2/flight-delays/pushback/model/manifests/champion",
    expect.objectContaining({
      method: "HEAD",
      headers: {
        accept: "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json",
      },
    }),
  );
});

test("a prefix goes before the repository, and credentials for the host along", async () => {
  const fetch = answering(200, { "docker-content-digest": digest });
  const dockerConfig = JSON.stringify({
    auths: {
      "other.example.com": { auth: "bm86bm8=" },
      "https://r.example.com/v2/": { username: "u", password: "p" },
    },
  });
  await ask(fetch, { registryUrl: "https://r.example.com/team/ml", dockerConfig });
  expect(fetch).toHaveBeenCalledWith(
    "https://r.example.com/v2/team/ml/flight-delays/pushback/model/manifests/champion",
    expect.objectContaining({ headers: expect.objectContaining({ authorization: "Basic dTpw" }) as unknown }),
  );
});

test("no such tag means no model yet", async () => {
  expect(await ask(answering(404))).toBeUndefined();
});

test.each([
  [
    401,
    {},
    "registry 10.88.0.1:5000: must let HEAD flight-delays/pushback/model:champion through, got 401; renew the credentials in slipway:registry.credentialsFile",
  ],
  [
    503,
    {},
    "must answer HEAD flight-delays/pushback/model:champion with 200 and a Docker-Content-Digest, got 503; check that it is an OCI registry",
  ],
  [200, { "docker-content-digest": "sha256:short" }, "with 200 and a Docker-Content-Digest, got 200"],
])("an answer of %s with %o is an error that says what to do", async (status, headers, message) => {
  await expect(ask(answering(status, headers as Record<string, string>))).rejects.toThrow(message);
});

test("a registry that does not answer is an error that names it and the other way", async () => {
  const cause = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
  const fetch = vi.fn(() => Promise.reject(new TypeError("fetch failed", { cause })));
  await expect(ask(fetch)).rejects.toThrow(
    'registry 10.88.0.1:5000: must answer within 5000 ms, got ECONNREFUSED; start it, or pin the model with digest: "sha256:…"',
  );
});

test("a service gets the digest it pins without asking, or the one behind its tag; one without is left out with a notice", async () => {
  const fetch = vi.fn((url: string) =>
    Promise.resolve(
      url.endsWith("/challenger")
        ? new Response(null, { status: 200, headers: { "docker-content-digest": digest } })
        : new Response(null, { status: 404 }),
    ),
  );
  const pinned = `sha256:${"c".repeat(64)}`;
  const workload = "flight-delays";
  const { serving, notices } = await resolveServices(
    {
      staging: {
        services: { late: { workload, modelName: "pushback", model: { follow: "challenger" } } },
        quota: {},
      },
      production: {
        services: {
          pushback: { workload, model: { follow: "champion" } },
          pinned: { workload, model: { digest: pinned } },
          none: { workload },
        },
        quota: {},
      },
    },
    { registryUrl, fetch: fetch as never },
  );
  expect(serving.map(({ environment, name, reference }) => [environment, name, reference])).toEqual([
    ["staging", "late", `flight-delays/pushback/model@${digest}`],
    ["production", "pinned", `flight-delays/pinned/model@${pinned}`],
  ]);
  expect(notices).toEqual([
    "production/pushback: no model yet (flight-delays/pushback/model has no tag champion): the service is left out",
    "production/none: no model yet (slipway:environments.production.services.none.model is not set): the service is left out",
  ]);
  expect(fetch).toHaveBeenCalledTimes(2);
});
