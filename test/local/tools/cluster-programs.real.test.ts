import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it, vi } from "vitest";
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
import {
  content,
  firstByteOnly,
  firstThen,
  halfContent,
  noAnswer,
  redirect,
  status,
  type Answer,
} from "./file-server.ts";
import { isBuilt, programsStage } from "./programs-stage.ts";
import { archive, type Served } from "./publishers.ts";

const stage = programsStage();
const { lines, progress, text, file, etcd, entries } = stage;
/** Waits a fifth of a second where the real limits wait seconds. */
const impatient = { ...DOWNLOAD_LIMITS, answerMs: 200, windowMs: 200 };
const all = (options?: PublishedOptions): Promise<Record<string, ClusterPrograms>> =>
  clusterPrograms(progress, PUBLISHED_TOOLS, options);

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
    expect(await stage.go.calls()).toEqual([]);

    const requests = stage.server.requests.length;
    expect(requests).toBe(14); // seven files, each with its checksum
    lines.length = 0;
    vi.stubEnv("SLIPWAY_DOWNLOADS", "http://not-even-read.invalid");
    expect(await all()).toEqual(programs);
    expect(stage.server.requests).toHaveLength(requests);
    expect(lines).toEqual([]);
  });

  it("are downloaded through redirects", async () => {
    const { path, sumsPath, body, sha256 } = file("etcd");
    stage.server.answers.set(path, redirect("/blob?signature=1"));
    stage.server.answers.set("/blob?signature=1", content(body));
    stage.server.answers.set(sumsPath, redirect(`${stage.server.url}/sums`));
    stage.server.answers.set("/sums", content(`${sha256}  ${path.split("/").at(-1)}\n`));
    expect((await etcd()).bin).toContain("published-");
  });

  it("are downloaded at the second attempt after half a file", async () => {
    const { path, body } = file("kubelet");
    stage.server.answers.set(path, firstThen(halfContent(body), content(body)));
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
    ["breaks off", ({ path, body }) => [path, halfContent(body)], /broke off after \d+ bytes/],
    [
      "stalls",
      ({ path, body }) => [path, firstByteOnly(body)],
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
    stage.server.answers.set(...(await answer(file("etcd"))));
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
    stage.server.answers.set(file("etcd").path, content(body));
    const sha256 = createHash("sha256").update(body).digest("hex");
    stage.server.answers.set(file("etcd").sumsPath, content(sha256));
    const programs = await etcd();
    expect(await isBuilt(programs)).toBe(true);
    expect(text()).toMatch(warning);
    expect(await entries("etcd")).toEqual([programs.key]);
  });

  it("are all built if one of a tool is wrong, while another tool is downloaded", async () => {
    stage.server.answers.set(file("kube-proxy").path, content("other bytes"));
    const programs = await all();
    expect(await isBuilt(programs["kubernetes"]!)).toBe(true);
    expect(await entries("kubernetes")).toEqual([programs["kubernetes"]!.key]);
    expect(programs["etcd"]!.bin).toContain("published-");
    expect(await stage.go.calls()).toHaveLength(1);
    expect(text()).toMatch(/skipped: builds kubernetes v\S+ instead/);
  });

  it("are built without a warning, within 3 s, if no publisher answers; the next run asks no network", async () => {
    for (const { path, sumsPath } of stage.served) {
      stage.server.answers.set(path, noAnswer);
      stage.server.answers.set(sumsPath, noAnswer);
    }
    const start = Date.now();
    const programs = await all();
    expect(Date.now() - start).toBeLessThan(4500); // 2.5 s of waiting; the rest is the fake compiler and the machine's own load
    for (const tool of PUBLISHED_TOOLS) expect(await isBuilt(programs[tool]!)).toBe(true);
    expect(lines[1]).toMatch(
      /^✓ Download .* \(skipped: 127\.0\.0\.1:\d+ cannot be reached \(no answer in 2\.5 s\); builds kubernetes \S+, etcd \S+, coredns \S+ instead, 2\.\d s\)$/,
    );
    expect(text()).not.toContain("warning");

    const requests = stage.server.requests.length;
    expect(requests).toBeLessThanOrEqual(3);
    lines.length = 0;
    expect(await all()).toEqual(programs);
    expect(stage.server.requests).toHaveLength(requests);
    expect(lines).toEqual([]);
  });

  it("are built at once if nothing listens, and a proxy that Node does not use is named", async () => {
    await stage.server.close();
    vi.stubEnv("HTTPS_PROXY", "http://me:secret@proxy.example.com:3128");
    vi.stubEnv("NODE_USE_ENV_PROXY", "");
    expect(await isBuilt(await etcd())).toBe(true);
    expect(lines[1]).toMatch(/cannot be reached \(ECONNREFUSED\) \(HTTPS_PROXY is /);
    expect(text()).not.toContain("secret");
  });

  it("stay the built ones after `up --build`, even if they were downloaded before", async () => {
    const downloaded = await etcd();
    await buildPrograms(progress, ["etcd"]);
    const requests = stage.server.requests.length;
    const built = await etcd();
    expect(await isBuilt(built)).toBe(true);
    expect(built).not.toEqual(downloaded);
    expect(stage.server.requests).toHaveLength(requests);
  });

  it("are downloaded once if several runs do so at the same time: all get the same", async () => {
    const [first, ...others] = await Promise.all(Array.from({ length: 8 }, () => etcd()));
    for (const other of others) expect(other).toEqual(first);
    expect(await entries("etcd")).toEqual([`published-${await goToolVersion("etcd")}`]);
    expect(await stage.go.calls()).toEqual([]);
  });
});
