import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { digestOf } from "../../../runtime/artifacts/digest.ts";
import type { SourceObject } from "../../../runtime/contract/source-manifest.ts";
import type { S3 } from "../../../runtime/contract/sources/s3.ts";
import { BadInput } from "../../../runtime/errors.ts";
import { silentLogger } from "../../../runtime/log.ts";
import { s3Store } from "../../../runtime/sources/s3/s3-store.ts";
import { readS3 } from "../../../runtime/sources/s3/read-s3.ts";
import { ROOT, startMinio, type Minio } from "./support/minio.ts";

const KEYS = { AWS_ACCESS_KEY_ID: ROOT.accessKeyId, AWS_SECRET_ACCESS_KEY: ROOT.secretAccessKey };

let minio: Minio;
beforeAll(async () => {
  minio = await startMinio();
  for (const path of ["/prices", "/empty", "/many", "/public"]) await minio.send("PUT", path);
}, 3_600_000); // the first run builds MinIO
afterAll(() => minio.stop());

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "s3-"));
});
afterEach(() => rm(directory, { recursive: true }));

async function read(
  source: Partial<S3> = {},
  previous: SourceObject[] = [],
  credentials: Record<string, string> = KEYS,
): Promise<SourceObject[]> {
  const { signal } = new AbortController();
  return readS3(
    {
      workload: "prices",
      source: { kind: "s3", bucket: "prices", endpoint: minio.url, ...source },
      directory,
      previous,
      credentials,
      log: silentLogger,
      signal,
    },
    { tries: 2, pauseMs: 1, silenceMs: 20_000 },
  );
}

describe("a bucket of MinIO", () => {
  it("is read below its prefix, and again only what has changed", async () => {
    await minio.send("PUT", "/prices/export/2026/a.csv", "a\n1\n");
    await minio.send("PUT", "/prices/export/2026/month=2026-01/b.csv", "a\n2\n");
    await minio.send("PUT", "/prices/export/2026/readme.txt", "no data");
    await minio.send("PUT", "/prices/other/c.csv", "a\n3\n");
    const source = { prefix: "export/2026", files: ["**/*.csv"] };
    const first = await read(source);
    expect(first).toEqual([
      {
        name: "a.csv",
        digest: digestOf("a\n1\n"),
        size: 4,
        version: expect.stringMatching(/^etag ".+"$/) as string,
      },
      {
        name: "month=2026-01/b.csv",
        digest: digestOf("a\n2\n"),
        size: 4,
        version: expect.any(String) as string,
      },
    ]);
    expect(await readFile(join(directory, "month=2026-01/b.csv"), "utf8")).toBe("a\n2\n");
    await rm(directory, { recursive: true });
    await minio.send("PUT", "/prices/export/2026/month=2026-01/b.csv", "a\n4\n");
    await minio.send("PUT", "/prices/export/2026/d.csv", "a\n5\n");
    const second = await read(source, first);
    expect(second.map(({ name }) => name)).toEqual(["a.csv", "d.csv", "month=2026-01/b.csv"]);
    expect(second[0]).toBe(first[0]);
    expect(second[2]?.digest).toBe(digestOf("a\n4\n"));
    expect((await readdir(directory)).sort()).toEqual(["d.csv", "month=2026-01"]);
  });

  it("may have keys with any characters that a file name may have, also such as differ by case alone", async () => {
    const names = [
      "A+b c/ä&<x>'(1)!*~.csv",
      "a+b c/ä&<x>'(1)!*~.csv",
      "100%25.csv",
      "q?x=1#y.csv",
      "名前.csv",
    ];
    for (const name of names) await minio.send("PUT", `/prices/odd/${name}`, name);
    const objects = await read({ prefix: "odd/" });
    expect(objects.map(({ name }) => name)).toEqual([...names].sort());
    for (const name of names) expect(await readFile(join(directory, name), "utf8")).toBe(name);
  });

  it("is listed in pages, and an object of many megabytes is streamed", async () => {
    const names = Array.from({ length: 2100 }, (_, i) => `part-${String(i).padStart(4, "0")}`);
    for (let at = 0; at < names.length; at += 50)
      await Promise.all(names.slice(at, at + 50).map((name) => minio.send("PUT", `/many/${name}`, name)));
    const large = "x".repeat(64 * 1024 ** 2);
    await minio.send("PUT", "/many/large", large);
    const before = process.memoryUsage.rss();
    const objects = await read({ bucket: "many", files: ["large", "part-*9"] });
    expect(objects).toHaveLength(211);
    expect(objects[0]).toMatchObject({ name: "large", size: large.length, digest: digestOf(large) });
    expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 1024 ** 2);
  });

  it("opens an object only in the state of the listing", async () => {
    await minio.send("PUT", "/prices/changing.csv", "old");
    const store = s3Store({ bucket: "prices", endpoint: minio.url }, "us-east-1", ROOT);
    const owner = { what: "prices" };
    const [object] = (await store.list("changing.csv", undefined, owner)).objects;
    await minio.send("PUT", "/prices/changing.csv", "new");
    expect(await store.open(object!, owner)).toBeUndefined();
    await minio.send("DELETE", "/prices/changing.csv");
    expect(await store.open(object!, owner)).toBeUndefined();
  });

  it("that is public needs no credentials", async () => {
    const Statement = [
      {
        Effect: "Allow",
        Principal: "*",
        Action: ["s3:ListBucket", "s3:GetObject"],
        Resource: ["arn:aws:s3:::public", "arn:aws:s3:::public/*"],
      },
    ];
    await minio.send("PUT", "/public", JSON.stringify({ Version: "2012-10-17", Statement }), "?policy=");
    await minio.send("PUT", "/public/a.csv", "a\n");
    expect(await read({ bucket: "public" }, [], {})).toMatchObject([{ name: "a.csv", size: 2 }]);
  });

  it.each<[string, Partial<S3>, Record<string, string>, string]>([
    [
      "a bucket that is not there",
      { bucket: "absent" },
      KEYS,
      "prices: source s3://absent: status 404 NoSuchBucket: there is no such place; correct source.bucket in the workload's definition",
    ],
    [
      "no object",
      { bucket: "empty" },
      KEYS,
      "prices: source s3://empty: source.files must match an object below s3://empty/, got **; correct source.prefix or source.files",
    ],
    [
      "no credentials",
      {},
      {},
      "prices: source s3://prices: status 403 AccessDenied: the store wants credentials; name a Secret with them in source.credentials, or give the identity of the job fetch s3:ListBucket on prices",
    ],
    [
      "a wrong key",
      {},
      { ...KEYS, AWS_SECRET_ACCESS_KEY: "wr0ng-s3cret" },
      "prices: source s3://prices: status 403 SignatureDoesNotMatch: the store does not accept the credentials; correct the Secret of source.credentials, or the identity of the job fetch",
    ],
    [
      "an unknown key",
      {},
      { ...KEYS, AWS_ACCESS_KEY_ID: "nobody" },
      "prices: source s3://prices: status 403 InvalidAccessKeyId: the store does not accept the credentials",
    ],
    [
      "a Secret of another form",
      {},
      { username: "ada", password: "pa55word" },
      "prices: source s3://prices: the Secret of source.credentials must have AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and may have AWS_SESSION_TOKEN, got username, password",
    ],
    [
      "another region",
      { region: "eu-west-1" },
      KEYS,
      "prices: source s3://prices: source.region must be us-east-1, got eu-west-1; correct it in the workload's definition",
    ],
  ])("with %s is refused by name", async (_title, source, credentials, message) => {
    const failure: unknown = await read(source, [], credentials).catch((error: unknown) => error);
    expect(String(failure)).toContain(message);
    expect(failure).toBeInstanceOf(BadInput);
    expect(String(failure)).not.toMatch(/wr0ng|pa55word|r00t/);
  });
});
