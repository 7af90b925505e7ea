import { generateKeyPairSync, verify } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { digestOf } from "../../../runtime/artifacts/digest.ts";
import type { SourceObject } from "../../../runtime/contract/source-manifest.ts";
import type { Gcs } from "../../../runtime/contract/sources/gcs.ts";
import { BadInput } from "../../../runtime/errors.ts";
import { silentLogger } from "../../../runtime/log.ts";
import { gcsStore } from "../../../runtime/sources/gcs/gcs-store.ts";
import { googleToken } from "../../../runtime/sources/gcs/google-token.ts";
import { readGcs } from "../../../runtime/sources/gcs/read-gcs.ts";
import { startFakeGcs, type FakeGcs } from "./support/fake-gcs.ts";

let gcs: FakeGcs;
beforeAll(async () => {
  gcs = await startFakeGcs();
  await gcs.createBucket("prices");
});
afterAll(() => gcs.stop());

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "gcs-"));
});
afterEach(() => rm(directory, { recursive: true }));

const read = (source: Partial<Gcs> = {}, previous: SourceObject[] = []): Promise<SourceObject[]> =>
  readGcs(
    {
      workload: "prices",
      source: { kind: "gcs", bucket: "prices", endpoint: gcs.url, ...source },
      directory,
      previous,
      credentials: {},
      log: silentLogger,
      signal: new AbortController().signal,
    },
    { tries: 2, pauseMs: 1, silenceMs: 20_000 },
  );

describe("a bucket of Google Cloud Storage", () => {
  it("is read below its prefix, and again only where the generation has changed", async () => {
    await gcs.upload("prices", "export/a.csv", "a\n1\n");
    await gcs.upload("prices", "export/ä b/C+d.csv", "a\n2\n");
    await gcs.upload("prices", "other/c.csv", "a\n3\n");
    const first = await read({ prefix: "export/" });
    expect(first).toEqual([
      {
        name: "a.csv",
        digest: digestOf("a\n1\n"),
        size: 4,
        version: expect.stringMatching(/^generation \d+$/) as string,
      },
      { name: "ä b/C+d.csv", digest: digestOf("a\n2\n"), size: 4, version: expect.any(String) as string },
    ]);
    expect(await readFile(join(directory, "ä b/C+d.csv"), "utf8")).toBe("a\n2\n");
    await gcs.upload("prices", "export/a.csv", "a\n4\n");
    const second = await read({ prefix: "export/" }, first);
    expect(second[0]?.digest).toBe(digestOf("a\n4\n"));
    expect(second[1]).toBe(first[1]);
  });

  it("is listed in pages", async () => {
    await gcs.createBucket("many");
    const names = Array.from({ length: 1100 }, (_, i) => `part-${String(i).padStart(4, "0")}`);
    for (let at = 0; at < names.length; at += 50)
      await Promise.all(names.slice(at, at + 50).map((name) => gcs.upload("many", name, name)));
    expect(await read({ bucket: "many", files: ["part-*9"] })).toHaveLength(110);
  });

  it("opens an object only in the state of the listing", async () => {
    await gcs.upload("prices", "changing.csv", "old");
    const store = gcsStore({ bucket: "prices", endpoint: gcs.url }, undefined);
    const [object] = (await store.list("changing.csv", undefined, { what: "prices" })).objects;
    await gcs.upload("prices", "changing.csv", "new");
    expect(await store.open(object!, { what: "prices" })).toBeUndefined();
    await gcs.remove("prices", "changing.csv");
    expect(await store.open(object!, { what: "prices" })).toBeUndefined();
  });

  it("that is not there is named", async () => {
    const failure: unknown = await read({ bucket: "absent" }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BadInput);
    expect(String(failure)).toMatch(
      /prices: source gs:\/\/absent: status 404.*: there is no such place; correct source.bucket in the workload's definition/,
    );
  });
});

describe("a token of Google", () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = {
    type: "service_account",
    client_email: "reader@acme.iam.gserviceaccount.com",
    private_key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    token_uri: "https://tokens.example.com/token",
  };
  const identity = { what: "prices: source gs://prices", credentials: {}, env: {} };

  it("is had for the key of the Secret, by a signed claim of reading alone", async () => {
    let sent = new URLSearchParams();
    const answering: typeof fetch = (url, init) => {
      expect(url).toBe(key.token_uri);
      sent = init?.body as URLSearchParams;
      return Promise.resolve(Response.json({ access_token: "t0ken" }));
    };
    const credentials = { "key.json": JSON.stringify(key) };
    expect(await googleToken({ ...identity, credentials, fetch: answering })).toBe("t0ken");
    const [head = "", claims = "", signature = ""] = (sent.get("assertion") ?? "").split(".");
    expect(
      verify("RSA-SHA256", Buffer.from(`${head}.${claims}`), publicKey, Buffer.from(signature, "base64url")),
    ).toBe(true);
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
      iss: key.client_email,
      aud: key.token_uri,
      scope: "https://www.googleapis.com/auth/devstorage.read_only",
    });
  });

  it("comes from the metadata server in a pod, and there is none on a machine without a key", async () => {
    const answering: typeof fetch = () =>
      Promise.resolve(Response.json({ access_token: "p0d", expires_in: 3599 }));
    const refusing: typeof fetch = () => Promise.reject(new TypeError("fetch failed"));
    const env = { KUBERNETES_SERVICE_HOST: "10.0.0.1" };
    expect(await googleToken({ ...identity, env, fetch: answering })).toBe("p0d");
    expect(await googleToken({ ...identity, env, fetch: refusing })).toBeUndefined();
    expect(await googleToken({ ...identity, fetch: answering })).toBeUndefined();
  });

  it.each([
    [
      { "key.json": '{"type":"service_account","private_key":"s3cret"' },
      "key.json of the Secret of source.credentials must be the key file of a service account, got another text",
    ],
    [
      { "key.json": JSON.stringify({ ...key, private_key: "s3cret" }) },
      "private_key of the key file must be an RSA key in PEM, got another text",
    ],
    [
      { password: "s3cret" },
      "the Secret of source.credentials must have key.json alone, the key file of a service account, got password",
    ],
  ])("is refused for another Secret, without its values (%#)", async (credentials, message) => {
    const failure: unknown = await googleToken({ ...identity, credentials }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BadInput);
    expect(String(failure)).toContain(message);
    expect(String(failure)).not.toContain("s3cret");
  });

  it("that the key does not get is named by the source", async () => {
    const file = join(directory, "key.json");
    await writeFile(file, JSON.stringify(key));
    const refusing: typeof fetch = () => Promise.resolve(new Response("invalid_grant", { status: 400 }));
    await expect(
      googleToken({ ...identity, env: { GOOGLE_APPLICATION_CREDENTIALS: file }, fetch: refusing }),
    ).rejects.toThrow(
      "prices: source gs://prices: the cloud must give a token to the identity of the job fetch, got status 400",
    );
  });
});
