import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runCommand } from "../../../local/run-command.ts";
import { goToolVersion } from "../../../local/tools/go-tool.ts";
import { content, fileServer, type FileServer } from "./file-server.ts";
import { isBuilt, programsStage, takePrograms } from "./programs-stage.ts";
import { archive, publish } from "./publishers.ts";

const stage = programsStage();
const { lines, text, file, etcd, entries } = stage;

describe("a pinned checksum", () => {
  it("replaces the publisher's, which is not asked for", async () => {
    const { address, sha256, sumsPath } = file("etcd");
    stage.server.answers.set(sumsPath, content("0".repeat(64)));
    expect((await etcd({ pins: new Map([[address, sha256]]) })).bin).toContain("published-");
    expect(stage.server.requests).not.toContain(sumsPath);
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
    stage.server.answers.set(file("etcd").path, content(newer));
    const programs = await etcd({ pins: new Map([[file("etcd").address, sha256]]) });
    expect(programs.source).toContain(sha256);
    expect(await readFile(join(programs.bin, "etcd"), "utf8")).toMatch(/^#!\/bin\/sh\necho v\S+\n$/);
  });
});

describe("a server with TLS", () => {
  let secure: FileServer;
  let authority: string;

  beforeEach(async () => {
    authority = join(stage.folder, "cert.pem");
    const key = join(stage.folder, "key.pem");
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
    const outputs = await Promise.all([takePrograms().output, takePrograms().output]);
    for (const output of outputs) expect(output).toMatch(/^▸ Download etcd .*\n✓ Download etcd .* \(done, /);
    const [first, second] = outputs.map((output) => output.trimEnd().split("\n").at(-1));
    expect(first).toContain("published-");
    expect(second).toBe(first);
    expect(await entries("etcd")).toEqual([`published-${await goToolVersion("etcd")}`]);
  });
});
