import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { digestOf } from "../../../runtime/artifacts/digest.ts";
import { httpSchema, type Http } from "../../../runtime/contract/sources/http.ts";
import type { SourceObject } from "../../../runtime/contract/source-manifest.ts";
import { BadInput, Unavailable } from "../../../runtime/errors.ts";
import { silentLogger } from "../../../runtime/log.ts";
import { readHttp } from "../../../runtime/sources/http/read-http.ts";

let directory: string;
let servers: Server[];
let asked: IncomingMessage[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "http-"));
  [servers, asked] = [[], []];
});
afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await rm(directory, { recursive: true });
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const gets = (): number => asked.filter(({ method }) => method === "GET").length;

function read(
  urls: Http["urls"],
  {
    previous = [],
    credentials = {},
  }: { previous?: SourceObject[]; credentials?: Record<string, string> } = {},
): Promise<SourceObject[]> {
  const source: Http = { kind: "http", urls };
  const { signal } = new AbortController();
  return readHttp(
    { workload: "prices", source, directory, previous, credentials, log: silentLogger, signal },
    { silenceMs: 300, tries: 2, pauseMs: 1 },
  );
}

it("reads a file again only if its ETag has changed", async () => {
  let [body, etag] = ["a,b\n1,2\n", '"1"'];
  const url = await serve((_request, response) => response.writeHead(200, { etag }).end(body));
  const first = await read([`${url}/prices.csv?signature=S3CRET`]);
  const object = { name: "prices.csv", digest: digestOf(body), size: 8, version: 'etag "1"' };
  expect(first).toEqual([object]);
  expect(await readFile(join(directory, "prices.csv"), "utf8")).toBe(body);
  await rm(join(directory, "prices.csv"));
  const second = await read([`${url}/prices.csv`], { previous: first });
  expect(second[0]).toBe(first[0]);
  expect(await readdir(directory)).toEqual([]);
  [body, etag] = ["a,b\n3,4\n", '"2"'];
  expect(await read([`${url}/prices.csv`], { previous: first })).toEqual([
    { ...object, digest: digestOf(body), version: 'etag "2"' },
  ]);
});

it("goes by time and size without a strong ETag, and always reads a file that has neither", async () => {
  let headers: Record<string, string> = { "last-modified": "Mon, 30 Nov 2026 10:00:00 GMT", etag: 'W/"x"' };
  const url = await serve((_request, response) =>
    response.writeHead(200, { ...headers, "content-length": 2 }).end("a\n"),
  );
  const first = await read([`${url}/a.csv`]);
  expect(first[0]?.version).toBe("modified Mon, 30 Nov 2026 10:00:00 GMT, 2 bytes");
  expect((await read([`${url}/a.csv`], { previous: first }))[0]).toBe(first[0]);
  headers = {};
  const before = gets();
  const [again] = await read([`${url}/a.csv`], { previous: first });
  expect(again).toEqual({ name: "a.csv", digest: digestOf("a\n"), size: 2 });
  expect(await read([`${url}/a.csv`], { previous: [again!] })).toEqual([again]);
  expect(gets() - before).toBe(2);
});

it("reads a file again that changes while it is read, and gives up if it never rests", async () => {
  let [state, changes] = [0, 2];
  const url = await serve(({ method }, response) => {
    if (method === "HEAD" && changes-- > 0) state++;
    response.writeHead(200, { etag: `"${state}"` }).end(`state ${state}`);
  });
  expect(await read([`${url}/a.csv`])).toMatchObject([{ digest: digestOf("state 2"), version: 'etag "2"' }]);
  changes = Infinity;
  await expect(read([`${url}/a.csv`])).rejects.toThrow(
    `prices: source file a.csv: ${url}/a.csv must stay as it is while it is read, got another version 3 times`,
  );
});

it.each([
  [
    404,
    BadInput,
    "prices: source file a.csv: status 404 from URL/a.csv: there is no such file; correct source.urls in the workload's definition",
  ],
  [
    403,
    BadInput,
    "prices: source file a.csv: status 403 from URL/a.csv: the server wants credentials; name a Secret with them in source.credentials",
  ],
  [503, Unavailable, "prices: source file a.csv: status 503 from URL/a.csv; try again later"],
])("names the fault of status %i", async (status, type, message) => {
  const url = await serve((_request, response) => response.writeHead(status).end("secret page"));
  const failure: unknown = await read([`${url}/a.csv?token=S3CRET`]).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(type);
  expect((failure as Error).message).toBe(message.replace("URL", url));
  expect(asked).toHaveLength(type === Unavailable ? 2 : 1);
});

it("tries a stalled or broken download again, and leaves no half of a file", async () => {
  const stalls = await serve((_request, response) =>
    response.writeHead(200, { "content-length": 9 }).write("half"),
  );
  await expect(read([`${stalls}/a.csv`])).rejects.toThrow(
    `prices: source file a.csv: no byte for 0.3 s from ${stalls}/a.csv; check source.urls, and that this machine`,
  );
  let breaks = 1;
  const url = await serve((_request, response) => {
    response.writeHead(200, { "content-length": 9 });
    if (breaks-- > 0) response.write("half", () => response.destroy());
    else response.end("the whole");
  });
  expect(await read([`${url}/b.csv`])).toMatchObject([{ size: 9 }]);
  expect(await readdir(directory)).toEqual(["b.csv"]);
});

it("sends credentials to the host of the URL alone, and shows them in no message", async () => {
  const other = await serve((_request, response) => response.writeHead(403).end());
  const url = await serve((_request, response) =>
    response.writeHead(302, { location: `${other}/b.csv` }).end(),
  );
  const credentials = { username: "ada", password: "pa55word", "header.X-Key": "k3y" };
  const failure = await read([`${url}/a.csv`], { credentials }).catch((error: unknown) => String(error));
  expect(asked.map(({ headers }) => [headers.authorization, headers["x-key"]])).toEqual([
    [`Basic ${Buffer.from("ada:pa55word").toString("base64")}`, "k3y"],
    [undefined, undefined],
  ]);
  expect(failure).toMatch(/the server refuses the credentials; correct the Secret of source.credentials/);
  expect(failure).not.toMatch(/pa55word|k3y/);
  await expect(read([`${url}/a.csv`], { credentials: { user: "ada", "header.X": "1\n2" } })).rejects.toThrow(
    "prices: the Secret of source.credentials must have the entries token, username and password, or header.NAME, got user, header.X",
  );
});

it("refuses redirects without an end", async () => {
  const url = await serve((_request, response) => response.writeHead(301, { location: "/a.csv" }).end());
  await expect(read([`${url}/a.csv`])).rejects.toThrow(
    `prices: source file a.csv: ${url}/a.csv must lead to a file within 10 redirects, got more`,
  );
});

it("streams a file of many megabytes, without holding it", async () => {
  const chunk = Buffer.alloc(1024 ** 2, "x");
  const url = await serve(({ method }, response) => {
    response.writeHead(200, { etag: '"1"' });
    let left = method === "HEAD" ? 0 : 200;
    const push = (): void => {
      while (left > 0) {
        left--;
        if (!response.write(chunk)) return void response.once("drain", push);
      }
      response.end();
    };
    push();
  });
  const before = process.memoryUsage.rss();
  expect(await read([`${url}/a.csv`])).toMatchObject([{ size: 200 * 1024 ** 2 }]);
  expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 1024 ** 2);
});

it.each([
  [
    ["https://h/a.csv", "https://g/a.csv"],
    "must have another name than an earlier one, got a.csv twice: write { url, name }",
  ],
  [["https://h/"], "must have a file name at the end of its path, or be { url, name }"],
  [["ftp://h/a.csv"], "must be a URL that starts with https:// or http://"],
  [
    ["https://ada:pa55word@h/a.csv"],
    "must have no user and no password: name a Secret in source.credentials",
  ],
])("refuses the URLs %j when the definition is loaded", (urls, message) => {
  const messages = JSON.stringify(httpSchema.safeParse({ kind: "http", urls }).error?.issues);
  expect(messages).toContain(message);
});

it("refuses credentials for a URL without encryption", () => {
  const source = { kind: "http", urls: ["http://h/a.csv"], credentials: { secret: "prices" } };
  expect(httpSchema.safeParse(source).error?.issues).toMatchObject([
    {
      path: ["urls", 0],
      message: "must start with https://, because source.credentials would be readable on the way",
    },
  ]);
});

it("refuses a name that leads out of the folder, before anything is read", async () => {
  await expect(read(["http://127.0.0.1:1/%2e%2e%2fa.csv"])).rejects.toThrow(
    'prices: source.urls must have names that stay in its folder, without empty parts, . and .., got "../a.csv"; leave it out',
  );
});
