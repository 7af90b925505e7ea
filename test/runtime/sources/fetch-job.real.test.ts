import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, afterEach, expect, it } from "vitest";
import { NODE } from "../../../local/images/pins.ts";
import { lineProgress } from "../../../local/progress.ts";
import { runCommand } from "../../../local/run-command.ts";
import { npmPackage } from "../../../local/tools/npm-package.ts";
import { sourceDistribution } from "../../../local/tools/python-package.ts";
import { registryClient } from "../../../runtime/artifacts/registry-client.ts";
import { findSource } from "../../../runtime/sources/source-artifact.ts";
import { publishDefinition } from "../../../operations/pipeline/publish-definition.ts";
import { flightDelays } from "../support/flight-delays.ts";
import { content, fileServer, type FileServer } from "../../local/tools/file-server.ts";
import { fakeRegistry, type FakeRegistry } from "../support/fake-registry.ts";
import { runJob } from "../support/run-job.ts";

const { source } = flightDelays;
const PAGE = `/simple/${source.package}/`;
const FILE = `/files/${source.file}`;

let folder: string;
/** Certificate of the index, which signs itself. */
let authority: string;
let archive: Buffer;
let registry: FakeRegistry;
let index: FileServer;
/** Base URL of the index. Its host is not that of the registry, which is never asked through a proxy. */
let packageIndex: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "index-"));
  authority = join(folder, "ca.pem");
  const names = ["-subj", "/CN=index", "-addext", "subjectAltName=DNS:localhost"];
  const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...names];
  await runCommand("openssl", [...request, "-keyout", join(folder, "key.pem"), "-out", authority]);
  const { package: name, version, sha256 } = source;
  archive = await readFile(await sourceDistribution(lineProgress(), { name, version, sha256 }));
});
afterAll(() => rm(folder, { recursive: true }));

beforeEach(async () => {
  registry = await fakeRegistry();
  index = await fileServer({
    key: await readFile(join(folder, "key.pem"), "utf8"),
    cert: await readFile(authority, "utf8"),
  });
  packageIndex = `${index.url.replace("127.0.0.1", "localhost")}/simple`;
  index.answers.set(PAGE, content(`<a href="../../files/${source.file}">${source.file}</a>`));
  index.answers.set(FILE, content(archive));
});
afterEach(async () => {
  await index.close();
  await registry.close();
});

const fetchSource = async (env: Record<string, string>, node?: string): ReturnType<typeof runJob> =>
  runJob(
    [
      "fetch",
      "--definition",
      await publishDefinition(registryClient({ url: registry.url }), "fetch", flightDelays),
    ],
    { SLIPWAY_REGISTRY: registry.url, SLIPWAY_PACKAGE_INDEX: packageIndex, ...env },
    node,
  );
const published = (): Promise<string | undefined> =>
  findSource(registryClient({ url: registry.url }), {
    workload: flightDelays.name,
    source: flightDelays.source,
  });

it("pushes the example's source under its hash, and does not download it again", async () => {
  const first = await fetchSource({ NODE_EXTRA_CA_CERTS: authority });
  expect(first).toMatchObject({ code: 0, result: { job: "fetch", summary: { downloaded: true } } });
  expect(first.result?.artifact).toBe(await published());
  expect(registry.blobs.get(`sha256:${source.sha256}`)?.length).toBe(archive.length);
  expect(index.requests).toEqual([PAGE, FILE]);
  await index.close();
  const second = await fetchSource({});
  expect(second.result).toEqual({ ...first.result, summary: { downloaded: false } });
});

it("ends with exit code 2, which is not retried, where the index has a certificate of an unknown authority", async () => {
  const { code, output } = await fetchSource({});
  expect(code).toBe(2);
  expect(output).toMatch(
    /must have a trusted certificate, got: .*name your own authority in slipway:sources.caBundle/,
  );
  expect(await published()).toBeUndefined();
});

it("ends with exit code 2 and pushes nothing where the file is another", async () => {
  index.answers.set(FILE, content(archive.subarray(1)));
  const { code, output } = await fetchSource({ NODE_EXTRA_CA_CERTS: authority });
  expect(code).toBe(2);
  expect(output).toMatch(/must have the digest sha256:d9ef2f5c/);
  expect(await published()).toBeUndefined();
});

it("downloads through a proxy, and pushes past it, with the Node of the image", async () => {
  const tunnels: string[] = [];
  const proxy: Server = createServer().on("connect", (request, client) => {
    tunnels.push(request.url ?? "");
    const { port } = new URL(`http://${request.url}`);
    const upstream = connect(Number(port), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("error", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const node = join(await npmPackage(lineProgress(), NODE), "bin/node");
  const { code } = await fetchSource(
    {
      NODE_EXTRA_CA_CERTS: authority,
      NODE_USE_ENV_PROXY: "1",
      HTTPS_PROXY: address,
      HTTP_PROXY: address,
      NO_PROXY: "127.0.0.1,169.254.169.254",
    },
    node,
  );
  proxy.close();
  expect(code).toBe(0);
  expect(new Set(tunnels)).toEqual(new Set([new URL(packageIndex).host]));
  expect(await published()).toBeDefined();
});
