// All of these tests share one server of publishers and one fake Go toolchain, which they set up together.
import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { lineProgress } from "../../../local/progress.ts";
import { runCommand } from "../../../local/run-command.ts";
import {
  buildPrograms,
  clusterPrograms,
  type ClusterPrograms,
} from "../../../local/tools/cluster-programs.ts";
import { DOWNLOAD_LIMITS } from "../../../local/tools/download.ts";
import { goToolVersion } from "../../../local/tools/go-tool.ts";
import { PUBLISHED_TOOLS } from "../../../local/tools/published-files.ts";
import type { PublishedOptions } from "../../../local/tools/published-program.ts";
import { removeStaleDownloads } from "../../../local/tools/stale-downloads.ts";
import {
  content,
  fileServer,
  firstThen,
  half,
  redirect,
  silence,
  stall,
  status,
  type Answer,
  type FileServer,
} from "./file-server.ts";
import { archive, fakeGo, publish, type Served } from "./publishers.ts";

const lines: string[] = [];
const progress = lineProgress((line) => lines.push(line));
const text = (): string => lines.join("\n");
/** Waits a fifth of a second where the real limits wait seconds. */
const impatient = { ...DOWNLOAD_LIMITS, answerMs: 200, windowMs: 200 };

let folder: string;
let server: FileServer;
let served: Served[];
let go: Awaited<ReturnType<typeof fakeGo>>;

beforeEach(async () => {
  lines.length = 0;
  folder = await mkdtemp(join(tmpdir(), "slipway-programs-"));
  server = await fileServer();
  served = await publish(server);
  go = await fakeGo(join(folder, "go"));
  vi.stubEnv("SLIPWAY_CACHE", join(folder, "cache"));
  vi.stubEnv("SLIPWAY_DOWNLOADS", server.url);
  vi.stubEnv("PATH", go.path);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  await rm(folder, { recursive: true });
});

const file = (program: string): Served => served.find((each) => each.program === program)!;
const all = (options?: PublishedOptions): Promise<Record<string, ClusterPrograms>> =>
  clusterPrograms(progress, PUBLISHED_TOOLS, options);
const etcd = async (options?: PublishedOptions): Promise<ClusterPrograms> =>
  (await clusterPrograms(progress, ["etcd"], options)).etcd;
const entries = async (tool: string): Promise<string[]> =>
  (await readdir(join(folder, "cache", "tools", tool)).catch(() => [])).sort();
const isBuilt = async (programs: ClusterPrograms): Promise<boolean> =>
  (await readFile(join(programs.bin, (await readdir(programs.bin))[0]!), "utf8")) === "built\n";

describe("the programs of the cluster", () => {
  it("are downloaded as they are published, and asked of the cache from then on", async () => {
    const programs = await all();
    expect(text()).toMatch(
      /^▸ Download kubernetes v\S+, etcd v\S+, coredns v\S+ from 127\.0\.0\.1:\d+\n✓ Download .* \(done, [\d.]+ s\)$/,
    );
    expect((await readdir(programs["kubernetes"]!.bin)).sort()).toEqual(
      ["kube-apiserver", "kube-controller-manager", "kube-proxy", "kube-scheduler", "kubelet"].sort(),
    );
    for (const tool of PUBLISHED_TOOLS) {
      const { bin } = programs[tool]!;
      expect(await entries(tool)).toEqual([`published-${await goToolVersion(tool)}`]);
      expect((await readdir(dirname(bin))).sort()).toEqual(["SHA256SUMS", "bin"]);
      expect((await stat(dirname(bin))).mode & 0o777).toBe(0o755);
      for (const name of await readdir(bin)) {
        expect((await stat(join(bin, name))).mode & 0o777).toBe(0o755);
        expect(await runCommand(join(bin, name), ["--version"])).toContain(
          (await goToolVersion(tool)).slice(1),
        );
      }
    }
    const { address, sha256 } = file("etcd");
    expect(programs["etcd"]).toMatchObject({
      source: `${address} sha256:${sha256}`,
      key: `${address} sha256:${sha256}`,
    });
    expect(await go.calls()).toEqual([]);

    const requests = server.requests.length;
    expect(requests).toBe(14); // seven files, each with its checksum
    lines.length = 0;
    vi.stubEnv("SLIPWAY_DOWNLOADS", "http://not-even-read.invalid");
    expect(await all()).toEqual(programs);
    expect(server.requests).toHaveLength(requests);
    expect(lines).toEqual([]);
  });

  it("are downloaded through redirects", async () => {
    const { path, sumsPath, body, sha256 } = file("etcd");
    server.answers.set(path, redirect("/blob?signature=1"));
    server.answers.set("/blob?signature=1", content(body));
    server.answers.set(sumsPath, redirect(`${server.url}/sums`));
    server.answers.set("/sums", content(`${sha256}  ${path.split("/").at(-1)}\n`));
    expect((await etcd()).bin).toContain("published-");
  });

  it("are downloaded at the second attempt after half a file", async () => {
    const { path, body } = file("kubelet");
    server.answers.set(path, firstThen(half(body), content(body)));
    const { kubernetes } = await clusterPrograms(progress, ["kubernetes"]);
    expect(await readFile(join(kubernetes.bin, "kubelet"))).toEqual(body);
  });

  const login = "<html>Please log in</html>";
  it.each<[string, (etcd: Served) => Promise<[string, Answer]> | [string, Answer], RegExp]>([
    [
      "has another sha256",
      ({ path }) => [path, content("other bytes")],
      /sha256 must be [0-9a-f]{64}, got [0-9a-f]{64}/,
    ],
    ["breaks off", ({ path, body }) => [path, half(body)], /broke off after \d+ bytes/],
    [
      "stalls",
      ({ path, body }) => [path, stall(body)],
      /must send at least 1048576 bytes every 0.2 s, sent 1/,
    ],
    ["is not there", ({ path }) => [path, status(404)], /must answer 200, got 404/],
    [
      "is not there, nor its checksum",
      ({ sumsPath }) => [sumsPath, status(404)],
      /SHA256SUMS: must answer 200, got 404/,
    ],
    [
      "has the page of a login as its checksum",
      ({ sumsPath }) => [sumsPath, content(login)],
      /SHA256SUMS: must have the sha256 of etcd-\S+, has none/,
    ],
    [
      "leads to plain http",
      ({ path }) => [path, redirect("http://example.invalid/")],
      /must redirect to an https URL/,
    ],
    ["leads in a circle", ({ path }) => [path, redirect(path)], /must redirect at most 5 times/],
  ])("are built, with a warning, if the file %s", async (_fault, answer, warning) => {
    server.answers.set(...(await answer(file("etcd"))));
    const programs = await etcd({ limits: impatient });
    expect(await isBuilt(programs)).toBe(true);
    expect(programs.source).toBe(`go go.etcd.io/etcd/server/v3@${await goToolVersion("etcd")}`);
    expect(lines[1]).toMatch(/^ {2}· warning: /);
    expect(lines[1]).toMatch(warning);
    expect(lines[2]).toMatch(/^✓ Download etcd \S+ from \S+ \(skipped: builds etcd \S+ instead, [\d.]+ s\)$/);
    expect(await entries("etcd")).toEqual([programs.key]);
  });

  it.each<[string, () => Promise<Buffer> | Buffer, RegExp]>([
    [
      "names another version",
      () => archive(file("etcd").member!, "#!/bin/sh\necho etcd Version: 3.6.160\n"),
      /must say that its version is 3\.\S+, said etcd Version: 3.6.160/,
    ],
    ["does not run", () => archive(file("etcd").member!, "no program"), /must run on this machine \(/],
    ["is not in its archive", () => archive("etcd", "#!/bin/sh\n"), /must hold etcd-\S+\/etcd \(.*\)/],
    ["is in no archive", () => Buffer.from("not gzip"), /must hold etcd-\S+\/etcd/],
  ])("are built, with a warning, if the published program %s", async (_fault, archived, warning) => {
    const body = await archived();
    server.answers.set(file("etcd").path, content(body));
    const sha256 = createHash("sha256").update(body).digest("hex");
    server.answers.set(file("etcd").sumsPath, content(sha256));
    const programs = await etcd();
    expect(await isBuilt(programs)).toBe(true);
    expect(text()).toMatch(warning);
    expect(await entries("etcd")).toEqual([programs.key]);
  });

  it("are all built if one of a tool is wrong, while another tool is downloaded", async () => {
    server.answers.set(file("kube-proxy").path, content("other bytes"));
    const programs = await all();
    expect(await isBuilt(programs["kubernetes"]!)).toBe(true);
    expect(await entries("kubernetes")).toEqual([programs["kubernetes"]!.key]);
    expect(programs["etcd"]!.bin).toContain("published-");
    expect(await go.calls()).toHaveLength(1);
    expect(text()).toMatch(/skipped: builds kubernetes v\S+ instead/);
  });

  it("are built without a warning, within 3 s, if no publisher answers; the next run asks no network", async () => {
    for (const { path, sumsPath } of served) {
      server.answers.set(path, silence);
      server.answers.set(sumsPath, silence);
    }
    const start = Date.now();
    const programs = await all();
    expect(Date.now() - start).toBeLessThan(4500); // 2.5 s of waiting; the rest is the fake compiler and the machine's own load
    for (const tool of PUBLISHED_TOOLS) expect(await isBuilt(programs[tool]!)).toBe(true);
    expect(lines[1]).toMatch(
      /^✓ Download .* \(skipped: 127\.0\.0\.1:\d+ cannot be reached \(no answer in 2\.5 s\); builds kubernetes \S+, etcd \S+, coredns \S+ instead, 2\.\d s\)$/,
    );
    expect(text()).not.toContain("warning");

    const requests = server.requests.length;
    expect(requests).toBeLessThanOrEqual(3);
    lines.length = 0;
    expect(await all()).toEqual(programs);
    expect(server.requests).toHaveLength(requests);
    expect(lines).toEqual([]);
  });

  it("are built at once if nothing listens, and a proxy that Node does not use is named", async () => {
    await server.close();
    vi.stubEnv("HTTPS_PROXY", "http://me:secret@proxy.example.com:3128");
    vi.stubEnv("NODE_USE_ENV_PROXY", "");
    expect(await isBuilt(await etcd())).toBe(true);
    expect(lines[1]).toMatch(/cannot be reached \(ECONNREFUSED\) \(HTTPS_PROXY is /);
    expect(text()).not.toContain("secret");
  });

  it("stay the built ones after `up --build`, even if they were downloaded before", async () => {
    const downloaded = await etcd();
    await buildPrograms(progress, ["etcd"]);
    const requests = server.requests.length;
    const built = await etcd();
    expect(await isBuilt(built)).toBe(true);
    expect(built).not.toEqual(downloaded);
    expect(server.requests).toHaveLength(requests);
  });

  it("are downloaded once if several runs do so at the same time: all get the same", async () => {
    const [first, ...others] = await Promise.all(Array.from({ length: 8 }, () => etcd()));
    for (const other of others) expect(other).toEqual(first);
    expect(await entries("etcd")).toEqual([`published-${await goToolVersion("etcd")}`]);
    expect(await go.calls()).toEqual([]);
  });
});

describe("a pinned checksum", () => {
  it("replaces the publisher's, which is not asked for", async () => {
    const { address, sha256, sumsPath } = file("etcd");
    server.answers.set(sumsPath, content("0".repeat(64)));
    expect((await etcd({ pins: new Map([[address, sha256]]) })).bin).toContain("published-");
    expect(server.requests).not.toContain(sumsPath);
  });

  it("refuses a file that its publisher vouches for", async () => {
    const pins = new Map([[file("etcd").address, "1".repeat(64)]]);
    expect(await isBuilt(await etcd({ pins }))).toBe(true);
    expect(text()).toContain(`sha256 must be ${"1".repeat(64)}, got ${file("etcd").sha256}`);
  });

  it("refuses a file that is in the cache already, and replaces it", async () => {
    await etcd();
    const newer = await archive(file("etcd").member!, `#!/bin/sh\necho ${await goToolVersion("etcd")}\n`);
    const sha256 = createHash("sha256").update(newer).digest("hex");
    server.answers.set(file("etcd").path, content(newer));
    const programs = await etcd({ pins: new Map([[file("etcd").address, sha256]]) });
    expect(programs.source).toContain(sha256);
    expect(await readFile(join(programs.bin, "etcd"), "utf8")).toMatch(/^#!\/bin\/sh\necho v\S+\n$/);
  });
});

describe("a server with TLS", () => {
  let secure: FileServer;
  let authority: string;

  beforeEach(async () => {
    authority = join(folder, "cert.pem");
    const key = join(folder, "key.pem");
    const names = ["-subj", "/CN=mirror", "-addext", "subjectAltName=IP:127.0.0.1"];
    const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...names];
    await runCommand("openssl", [...request, "-keyout", key, "-out", authority]);
    secure = await fileServer({ key: await readFile(key, "utf8"), cert: await readFile(authority, "utf8") });
    await publish(secure);
    vi.stubEnv("SLIPWAY_DOWNLOADS", secure.url);
  });
  afterEach(() => secure.close());

  it("is not used if its certificate is not trusted", async () => {
    expect(await isBuilt(await etcd())).toBe(true);
    expect(lines[1]).toMatch(/skipped: 127\.0\.0\.1:\d+ cannot be reached \(\w*SELF_SIGNED\w*\); builds/);
    expect(secure.requests).toEqual([]);
  });

  it("is used by two processes at once if NODE_EXTRA_CA_CERTS trusts it, and both get the same programs", async () => {
    vi.stubEnv("NODE_EXTRA_CA_CERTS", authority);
    const outputs = await Promise.all([run().output, run().output]);
    for (const output of outputs) expect(output).toMatch(/^▸ Download etcd .*\n✓ Download etcd .* \(done, /);
    const [first, second] = outputs.map((output) => output.trimEnd().split("\n").at(-1));
    expect(first).toContain("published-");
    expect(second).toBe(first);
    expect(await entries("etcd")).toEqual([`published-${await goToolVersion("etcd")}`]);
  });
});

describe("the cache", () => {
  it.skipIf(process.getuid?.() !== 0)(
    "keeps nothing half-done if the disk is full, and nothing is built then",
    async () => {
      const cache = join(folder, "small");
      await mkdir(cache);
      await runCommand("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", cache]);
      try {
        vi.stubEnv("SLIPWAY_CACHE", cache);
        server.answers.set(file("kubelet").path, content(Buffer.alloc(3 * 2 ** 20)));
        const failed = clusterPrograms(progress, ["kubernetes"]);
        await expect(failed).rejects.toThrow(
          `${cache} must have room for the cluster's programs (about 500 MiB) and has none left: free some, or move the cache with SLIPWAY_CACHE`,
        );
        expect(await readdir(join(cache, "tools", "kubernetes"))).toEqual([]);
        expect(await go.calls()).toEqual([]);
      } finally {
        await runCommand("umount", [cache]);
      }
    },
  );

  it("has no half download under the name of a whole one after a kill; a later run removes it", async () => {
    const { path, body } = file("etcd");
    server.answers.set(path, firstThen(stall(body), content(body)));
    const { child, output } = run();
    while (!server.requests.includes(path)) await sleep(20);
    child.kill("SIGKILL");
    await output;
    const [left, ...others] = await entries("etcd");
    expect(left).toMatch(/^\.download-/);
    expect(others).toEqual([]);

    await etcd(); // may run while the other goes on: keeps what is younger than two minutes
    const whole = `published-${await goToolVersion("etcd")}`;
    expect(await entries("etcd")).toEqual([left, whole]);
    await removeStaleDownloads("etcd", -1);
    expect(await entries("etcd")).toEqual([whole]);
  });
});

/** Starts a process that takes the programs of etcd. */
function run(): { child: ChildProcess; output: Promise<string> } {
  const script = join(import.meta.dirname, "take-programs.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script]);
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return { child, output: new Promise((resolve) => child.on("close", () => resolve(text))) };
}
