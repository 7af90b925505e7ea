import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { PythonPackage } from "../../../runtime/contract/sources/python-package.ts";
import { BadInput, Unavailable } from "../../../runtime/errors.ts";
import { silentLogger } from "../../../runtime/log.ts";
import { withScratch } from "../../../runtime/scratch.ts";
import { fetchPythonPackage } from "../../../runtime/sources/fetch-python-package.ts";
import { fakeServer, sendJson, type FakeServer } from "../../operations/fake-server.ts";

const CONTENT = Buffer.from("a source distribution ".repeat(1000));
const sha256Of = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
const SOURCE: PythonPackage = {
  kind: "python-package",
  package: "New.York_flights",
  version: "1.0",
  file: "new_york_flights-1.0.tar.gz",
  sha256: sha256Of(CONTENT),
  licence: "CC0-1.0",
};
const PAGE = "/simple/new-york-flights/";
const FILE = `/files/${SOURCE.file}`;

let server: FakeServer;
afterEach(() => server.close());

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

interface Index {
  /** Answer to the page of the package. @default - JSON that lists the file */
  page?: Answer;
  /** Answer to the file. @default - its content */
  file?: Answer;
}

const listed = (more: object = {}): object => ({
  files: [
    { filename: "new_york_flights-0.9.tar.gz", url: "/files/old", hashes: {} },
    { filename: SOURCE.file, url: `../../files/${SOURCE.file}`, hashes: { sha256: SOURCE.sha256 }, ...more },
  ],
});
const json: Answer = (_, response) => sendJson(response, 200, listed());
const whole: Answer = (_, response) => void response.writeHead(200).end(CONTENT);

/** Fetches the source from an index on this machine. Returns the content and the files that are left in the folder. */
async function fetched(
  { page = json, file = whole }: Index,
  { tries = 3, maxBytes = 2 ** 20, silenceMs = 60_000 } = {},
): Promise<{ files: string[]; content: Buffer }> {
  server = await fakeServer((request, { pathname }, response) => {
    const count = server.requests.filter((line) => line === `GET ${pathname}`).length;
    if (pathname === PAGE) page(request, response, count);
    else if (pathname === FILE) file(request, response, count);
    else response.writeHead(404).end();
  });
  return withScratch(async (directory) => {
    const request = {
      workload: "flights",
      source: SOURCE,
      directory,
      packageIndex: `${server.url}/simple/`,
      log: silentLogger,
      signal: new AbortController().signal,
    };
    try {
      await fetchPythonPackage(request, { tries, pauseMs: 1, silenceMs, maxBytes });
    } catch (error) {
      expect(await readdir(directory), "what a failed download leaves").toEqual([]);
      throw error;
    }
    const files = await readdir(directory);
    return { files, content: await readFile(join(directory, SOURCE.file)) };
  });
}

const requestsFor = (path: string): number => server.requests.filter((line) => line === `GET ${path}`).length;

describe("a source on a Python package index", () => {
  it("is found by the normal form of its name, and is written with its bytes", async () => {
    const { files, content } = await fetched({});
    expect(files).toEqual([SOURCE.file]);
    expect(content.equals(CONTENT)).toBe(true);
    expect(server.requests).toEqual([`GET ${PAGE}`, `GET ${FILE}`]);
  });

  it("is found on a mirror that has only HTML pages", async () => {
    const html = `<!DOCTYPE html><a class="x" href="../../files/other.tar.gz">other</a>
      <a data-requires-python="&gt;=3" href='../../files/${SOURCE.file}?a=1&amp;b=2#sha256=${SOURCE.sha256}'>x</a>`;
    const seen: (string | undefined)[] = [];
    await fetched({
      page: (_, response) => void response.writeHead(200, { "content-type": "text/html" }).end(html),
      file: (request, response) => {
        seen.push(request.url, request.headers["accept-encoding"]);
        response.writeHead(200).end(CONTENT);
      },
    });
    expect(seen).toEqual([`${FILE}?a=1&b=2`, "identity"]);
  });

  it("is downloaded through redirects", async () => {
    const { content } = await fetched({
      page: (request, response, count) =>
        count === 1 ? void response.writeHead(301, { location: PAGE }).end() : json(request, response, count),
      file: (request, response, count) =>
        count === 1
          ? void response.writeHead(302, { location: FILE }).end()
          : whole(request, response, count),
    });
    expect(content.equals(CONTENT)).toBe(true);
  });

  it("is given up where redirects never end", async () => {
    const endless: Answer = (_, response) => void response.writeHead(302, { location: FILE }).end();
    await expect(fetched({ file: endless }, { tries: 1 })).rejects.toThrow(
      /must lead to a file within 10 redirects, got more/,
    );
  });

  it("is asked for again after an error of the server, and after half a file", async () => {
    const { content } = await fetched({
      page: (request, response, count) =>
        count === 1 ? void response.writeHead(503).end() : json(request, response, count),
      file: (request, response, count) => {
        if (count > 1) return whole(request, response, count);
        response.writeHead(200, { "content-length": CONTENT.length });
        response.write(CONTENT.subarray(0, 5000), () => response.destroy());
      },
    });
    expect(content.equals(CONTENT)).toBe(true);
    expect(server.requests).toHaveLength(5);
  });

  it("counts as broken off where the answer has no length, but the index says the size", async () => {
    const half: Answer = (_, response) => {
      response.useChunkedEncodingByDefault = false; // ends at the end of the connection, as HTTP/1.0 does
      response.writeHead(200, { connection: "close" }).end(CONTENT.subarray(0, 5000));
    };
    const failure = fetched({
      page: (_, response) => sendJson(response, 200, listed({ size: CONTENT.length })),
      file: half,
    });
    await expect(failure).rejects.toThrow(`must have ${CONTENT.length} bytes, got 5000; try again later`);
    await expect(failure).rejects.toBeInstanceOf(Unavailable);
    expect(requestsFor(FILE)).toBe(3);
  });

  it("is given up after some tries where the index stalls, before or within the answer", async () => {
    const failure = fetched({ page: () => undefined }, { tries: 2, silenceMs: 200 });
    await expect(failure).rejects.toThrow(
      /^flights: source New.York_flights 1.0: no byte for 0.2 s from .*\/simple\/new-york-flights\/; check slipway:sources.packageIndex/,
    );
    expect(requestsFor(PAGE)).toBe(2);
    await server.close();
    const stalled: Answer = (_, response) => {
      response.writeHead(200, { "content-length": CONTENT.length });
      response.write(CONTENT.subarray(0, 5000));
    };
    await expect(fetched({ file: stalled }, { tries: 2, silenceMs: 1000 })).rejects.toThrow(
      /no byte for 1 s from .*gz/,
    );
    expect(requestsFor(FILE)).toBe(2);
  });

  it("is given up where nothing listens", async () => {
    server = await fakeServer(() => undefined);
    await server.close();
    const request = {
      workload: "flights",
      source: SOURCE,
      directory: "/nonexistent",
      packageIndex: `${server.url}/simple`,
      log: silentLogger,
      signal: new AbortController().signal,
    };
    const failure = fetchPythonPackage(request, { tries: 2, pauseMs: 1 });
    await expect(failure).rejects.toBeInstanceOf(Unavailable);
    await expect(failure).rejects.toThrow(
      /cannot download .*ECONNREFUSED.*check slipway:sources.packageIndex/,
    );
  });

  it.each<[string, Index, RegExp]>([
    [
      "the index has no such package",
      { page: (_, response) => void response.writeHead(404).end() },
      /status 404 from .*\/simple\/new-york-flights\/; correct the name in the workload's definition/,
    ],
    [
      "the package has no such file",
      {
        page: (_, response) =>
          sendJson(response, 200, { files: (listed() as { files: object[] }).files.slice(0, 1) }),
      },
      /must have the file new_york_flights-1.0.tar.gz, got new_york_flights-0.9.tar.gz; correct version and file/,
    ],
    [
      "the index lists another digest",
      { page: (_, response) => sendJson(response, 200, listed({ hashes: { sha256: "ab".repeat(32) } })) },
      /source.sha256 must be that of .* on the package index, abab/,
    ],
    [
      "the file has another digest",
      { file: (_, response) => void response.writeHead(200).end("other") },
      /must have the digest sha256:[0-9a-f]{64}, got sha256:[0-9a-f]{64}; correct source.sha256/,
    ],
    [
      "the index wants a login",
      { page: (_, response) => void response.writeHead(401).end() },
      /status 401 .*; name an index or a proxy that needs no login/,
    ],
    [
      "the index answers with other JSON",
      { page: (_, response) => sendJson(response, 200, { message: "hello" }) },
      /must be a page of a Python package index, got other JSON/,
    ],
  ])("is refused where %s, and asked for once", async (_, index, message) => {
    const failure = fetched(index, { tries: 3 });
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toBeInstanceOf(BadInput);
    expect(requestsFor(PAGE)).toBe(1);
  });

  it.each<[string, Answer]>([
    ["by its header", whole],
    [
      "by its bytes",
      (_, response) => {
        response.writeHead(200);
        response.write(CONTENT);
        response.end();
      },
    ],
  ])("is refused where it is too large %s", async (_, file) => {
    const failure = fetched({ file }, { maxBytes: 5000 });
    await expect(failure).rejects.toThrow(/must have at most 5000 bytes, got more/);
    await expect(failure).rejects.toBeInstanceOf(BadInput);
    expect(requestsFor(FILE)).toBe(1);
  });
});
