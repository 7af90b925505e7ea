import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { digestOf } from "../../../runtime/artifacts/digest.ts";
import { readArtifactJson } from "../../../runtime/artifacts/read-artifact-json.ts";
import { readManifest } from "../../../runtime/artifacts/pull-artifact.ts";
import { registryClient } from "../../../runtime/artifacts/registry-client.ts";
import type { Http } from "../../../runtime/contract/sources/http.ts";
import { sourceManifestSchema, type SourceManifest } from "../../../runtime/contract/source-manifest.ts";
import { BadInput } from "../../../runtime/errors.ts";
import { silentLogger } from "../../../runtime/log.ts";
import { checkObjectNames } from "../../../runtime/sources/check-object-names.ts";
import { fetchRemoteSource, type FetchedRemoteSource } from "../../../runtime/sources/fetch-remote-source.ts";
import { readCredentials } from "../../../runtime/sources/read-credentials.ts";
import { content, fileServer, status, type FileServer } from "../../local/tools/file-server.ts";
import { fakeRegistry, type FakeRegistry } from "../support/fake-registry.ts";

let registry: FakeRegistry;
let server: FileServer;
let folder: string;
beforeEach(async () => {
  [registry, server, folder] = [
    await fakeRegistry(),
    await fileServer(),
    await mkdtemp(join(tmpdir(), "secrets-")),
  ];
  server.answers.set("/a.csv", content("a\n1\n"));
  server.answers.set("/b.csv", content("a\n2\n"));
});
afterEach(async () => {
  await registry.close();
  await server.close();
  await rm(folder, { recursive: true });
});

const client = (): ReturnType<typeof registryClient> => registryClient({ url: registry.url, retries: 0 });
const source = (more: Partial<Http> = {}): Http => ({
  kind: "http",
  urls: [`${server.url}/b.csv`, `${server.url}/a.csv`],
  ...more,
});
const fetched = (more: Partial<Http> = {}): Promise<FetchedRemoteSource> =>
  fetchRemoteSource(client(), {
    workload: "prices",
    source: source(more),
    secretsFolder: folder,
    env: {},
    log: silentLogger,
    signal: new AbortController().signal,
  });
const manifestOf = (reference: string): Promise<SourceManifest> =>
  readArtifactJson(client(), reference, "source", "source.json", sourceManifestSchema);
/** Answers with a content and its ETag. */
const tagged =
  (body: string): ReturnType<typeof content> =>
  (response) =>
    void response.writeHead(200, { etag: `"${digestOf(body)}"` }).end(body);

describe("the artifact of a remote source", () => {
  it("has the objects by digest, and source.json, which names them", async () => {
    const { reference, objects, unchanged } = await fetched();
    expect([objects, unchanged]).toEqual([2, 0]);
    expect(await manifestOf(reference)).toEqual({
      schemaVersion: 1,
      workload: "prices",
      objects: [
        { name: "a.csv", digest: digestOf("a\n1\n"), size: 4 },
        { name: "b.csv", digest: digestOf("a\n2\n"), size: 4 },
      ],
    });
    const { layers } = await readManifest(client(), reference, "source");
    expect(layers.map(({ annotations }) => annotations?.["org.opencontainers.image.title"])).toEqual([
      "objects/a.csv",
      "objects/b.csv",
      "source.json",
    ]);
  });

  it("is the same for the same state, with other credentials and another order too", async () => {
    const first = await fetched();
    const urls = source().urls.toReversed();
    const second = await fetched({ urls });
    expect((await manifestOf(second.reference)).objects).toEqual((await manifestOf(first.reference)).objects);
    expect((await fetched()).reference).toBe(first.reference);
  });

  it("is made without the bytes of what has not changed", async () => {
    server.answers.set("/a.csv", tagged("a\n1\n"));
    const first = await fetched();
    const requests = server.requests.length;
    server.answers.set("/b.csv", content("a\n3\n"));
    const second = await fetched();
    expect([second.objects, second.unchanged]).toEqual([2, 1]);
    expect(second.reference).not.toBe(first.reference);
    expect((await manifestOf(second.reference)).objects.map(({ digest }) => digest)).toEqual([
      digestOf("a\n1\n"),
      digestOf("a\n3\n"),
    ]);
    expect(server.requests.slice(requests).filter((path) => path === "/a.csv")).toHaveLength(1);
  });

  it("is read anew if the registry has lost an object, or the definition names another place", async () => {
    server.answers.set("/a.csv", tagged("a\n1\n"));
    await fetched();
    registry.blobs.delete(digestOf("a\n1\n"));
    expect((await fetched()).unchanged).toBe(0);
    expect(registry.blobs.has(digestOf("a\n1\n"))).toBe(true);
    const urls = [{ url: `${server.url}/a.csv?copy`, name: "a.csv" }];
    server.answers.set("/a.csv?copy", tagged("a\n1\n"));
    expect((await fetched({ urls })).unchanged).toBe(0);
  });

  it("is not there after a failure: nothing half-read has a tag", async () => {
    server.answers.set("/a.csv", status(404));
    await expect(fetched()).rejects.toThrow(BadInput);
    expect([...registry.manifests.keys()]).toEqual([]);
    expect([...registry.blobs.keys()]).toEqual([]);
  });
});

describe("names of objects", () => {
  const refused = (names: string[]): string => {
    let message = "";
    try {
      checkObjectNames(names, (rule, value) => {
        throw new Error(`${rule}, got ${value}`);
      });
    } catch (error) {
      message = (error as Error).message;
    }
    return message;
  };

  it.each([
    [["a/../../etc/passwd"], "must have names that stay in its folder, without empty parts, . and .., got"],
    [["a//b"], "without empty parts"],
    [["/a"], "without empty parts"],
    [["a\\b"], "must have names without backslashes and control characters"],
    [["a\nb"], 'got "a\\nb"; leave it out by source.files, or rename it'],
    [["ä".repeat(128)], "must have names with at most 255 bytes between slashes"],
    [["a/b", "a"], 'must not have an object and a folder of one name, got "a"'],
  ])("%j are refused", (names, message) => expect(refused(names)).toContain(message));

  it("may differ by case alone", () => expect(refused(["a.csv", "A.csv", "b/a.csv"])).toBe(""));
});

describe("the Secret of a source", () => {
  it("is a folder with a file for each entry, as Kubernetes mounts it", async () => {
    await mkdir(join(folder, "bucket/..data"), { recursive: true });
    await writeFile(join(folder, "bucket/username"), "ada\n");
    await writeFile(join(folder, "bucket/password"), "pa55 word");
    expect(await readCredentials("prices", "bucket", folder)).toEqual({
      username: "ada",
      password: "pa55 word",
    });
    expect(await readCredentials("prices", undefined, folder)).toEqual({});
  });

  it("that is not there is refused by its name", async () => {
    await expect(fetched({ credentials: { secret: "bucket" } })).rejects.toThrow(
      `prices: source.credentials.secret must name a Secret with entries, got bucket, which has none in ${folder}/bucket; ` +
        "in a cluster list bucket in slipway:sources.secrets and create the Secret; on this machine write a file for each entry to that folder",
    );
  });
});
