import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { digestOf } from "../../../runtime/artifacts/digest.ts";
import type { SourceObject } from "../../../runtime/contract/source-manifest.ts";
import type { ObjectStoreFields } from "../../../runtime/contract/sources/object-store-fields.ts";
import { BadInput, Unavailable } from "../../../runtime/errors.ts";
import { silentLogger } from "../../../runtime/log.ts";
import { listedPrefixes } from "../../../runtime/sources/object-store/list-objects.ts";
import { readObjects } from "../../../runtime/sources/object-store/read-objects.ts";
import type { ListedObject, ObjectStore } from "../../../runtime/sources/object-store/object-store.ts";
import { sendRequest } from "../../../runtime/sources/send-request.ts";

let directory: string;
let server: Server;
let url: string;
/** Answer to a request for an object. */
let answer: RequestListener;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "objects-"));
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(directory, { recursive: true });
});

/** A store whose listing is given, and whose objects are on a web server that answers 412 for another state. */
const storeOf = (
  list: (prefix: string, page: string | undefined) => { objects: ListedObject[]; next?: string },
): ObjectStore => ({
  name: "test://bucket",
  list: (prefix, page) => Promise.resolve(list(prefix, page)),
  async open({ key }, owner) {
    const opened = await sendRequest(`${url}/${key}`, owner, { check: "check it" });
    if (opened.status === 200) return opened;
    await opened.discard();
    return undefined;
  },
});
const object = (key: string, size = 3, version = "1"): ListedObject => ({ key, size, version });
const read = (
  store: ObjectStore,
  fields: ObjectStoreFields = {},
  previous: SourceObject[] = [],
): Promise<SourceObject[]> =>
  readObjects(
    store,
    {
      workload: "prices",
      source: fields,
      directory,
      previous,
      credentials: {},
      log: silentLogger,
      signal: new AbortController().signal,
    },
    { silenceMs: 300, tries: 2, pauseMs: 1 },
  );

describe("the objects of a store", () => {
  it("are read again if one changes after the listing, and only that one", async () => {
    let [listings, reads] = [0, 0];
    const store = storeOf(() => ({ objects: [object("a"), object("b", 3, String(++listings))] }));
    answer = ({ url: path }, response) => {
      reads++;
      if (path === "/b" && listings === 1) response.writeHead(412).end();
      else response.end(path === "/a" ? "aaa" : "bbb");
    };
    expect(await read(store)).toEqual([
      { name: "a", digest: digestOf("aaa"), size: 3, version: "1" },
      { name: "b", digest: digestOf("bbb"), size: 3, version: "2" },
    ]);
    expect([listings, reads]).toEqual([2, 3]);
  });

  it("that never rest are given up", async () => {
    answer = (_request, response) => response.writeHead(412).end();
    await expect(read(storeOf(() => ({ objects: [object("a")] })))).rejects.toThrow(
      "prices: source test://bucket: its objects must stay as they are while they are read, got others 3 times",
    );
  });

  it("that stall or break off are tried again, and leave no half of a file", async () => {
    answer = (_request, response) => void response.writeHead(200, { "content-length": 3 }).write("a");
    const stalled: unknown = await read(storeOf(() => ({ objects: [object("a")] }))).catch(
      (error: unknown) => error,
    );
    expect(stalled).toBeInstanceOf(Unavailable);
    expect(String(stalled)).toContain("prices: source test://bucket/a: no byte for 0.3 s from");
    let breaks = 1;
    answer = (_request, response) => {
      if (breaks-- > 0) response.writeHead(200, { "content-length": 3 }).write("a", () => response.destroy());
      else response.end("aaa");
    };
    expect(await read(storeOf(() => ({ objects: [object("b")] })))).toHaveLength(1);
    expect(await readdir(directory)).toEqual(["b"]);
  });

  it("with fewer bytes than listed are not taken", async () => {
    answer = (_request, response) => void response.end("aa");
    await expect(read(storeOf(() => ({ objects: [object("a")] })))).rejects.toThrow(
      "must have 3 bytes, got 2",
    );
  });

  it("may be ten thousand, and no more", async () => {
    const page = (_prefix: string, next: string | undefined): { objects: ListedObject[]; next?: string } => {
      const from = Number(next ?? 0);
      const objects = Array.from({ length: 1000 }, (_, i) =>
        object(`${String(from + i).padStart(6, "0")}.csv`),
      );
      return { objects, ...(from + 1000 < total ? { next: String(from + 1000) } : {}) };
    };
    let total = 10_000;
    const names = page("", undefined).objects.map(({ key }) => key);
    const previous = Array.from({ length: 10 }, (_, i) => page("", String(i * 1000)).objects)
      .flat()
      .map(({ key }) => ({ name: key, digest: digestOf(key), size: 3, version: "1" }));
    expect(await read(storeOf(page), {}, previous)).toHaveLength(10_000);
    total = 11_000;
    await expect(read(storeOf(page))).rejects.toThrow(
      "prices: source test://bucket must have at most 10000 objects, got more; narrow source.prefix or source.files",
    );
    expect(names).toHaveLength(1000);
  });

  it("with a key that leads out of the folder are refused before one is read", async () => {
    let reads = 0;
    answer = (_request, response) => void response.end(String(reads++));
    const failure: unknown = await read(
      storeOf(() => ({ objects: [object("a"), object("../../etc/cron.d/x")] })),
    ).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BadInput);
    expect(String(failure)).toContain(
      'source test://bucket must have names that stay in its folder, without empty parts, . and .., got "../../etc/cron.d/x"',
    );
    expect(reads).toBe(0);
  });

  it("that come unpacked, with the name of something packed, are refused", async () => {
    answer = (_request, response) => void response.writeHead(200, { "content-encoding": "br" }).end();
    await expect(read(storeOf(() => ({ objects: [object("a.csv.gz", 0)] })))).rejects.toThrow(
      "prices: source test://bucket/a.csv.gz: must be served without Content-Encoding, got br",
    );
  });

  it("are chosen by patterns, each of which has to match one", async () => {
    answer = (_request, response) => void response.end("aaa");
    const asked: string[] = [];
    const store = storeOf((prefix) => {
      asked.push(prefix);
      return {
        objects: [object("x/a.csv"), object("x/b/c.csv"), object("x/readme"), object("x/"), object("x/b/")],
      };
    });
    expect((await read(store, { prefix: "x", files: ["*.csv", "b/**"] })).map(({ name }) => name)).toEqual([
      "a.csv",
      "b/c.csv",
    ]);
    expect(asked).toEqual(["x/"]);
    await expect(read(store, { prefix: "x", files: ["a.csv", "d/*.csv"] })).rejects.toThrow(
      "source.files must match an object below test://bucket/x/, got d/*.csv",
    );
  });

  it("are listed by the longest beginnings that the patterns leave", () => {
    expect(listedPrefixes(["**"])).toEqual([""]);
    expect(listedPrefixes(["2026/*.csv", "2026/01/a.csv", "b.csv"])).toEqual(["2026/", "b.csv"]);
  });
});
