import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { silentProgress } from "../../../local/progress.ts";
import { npmPackage } from "../../../local/tools/npm-package.ts";
import { sourceDistribution, wheel } from "../../../local/tools/python-package.ts";

const six = {
  name: "six",
  version: "1.16.0",
  sha256: "8abb2f1d86890a2dfb989f9a77cfcfd3e47c2a354b01111771326f8aa26e0254",
};
const isNumber = {
  name: "is-number",
  version: "7.0.0",
  integrity:
    "sha512-41Cifkg6e8TylSpdtTpeLVMqvSBEVzTttHvERD741+pnZ8ANv0004MRL43QKPDlK9cGvNp6NZWZUBlbGXYxxng==",
};
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-tools-"));
  vi.stubEnv("SLIPWAY_CACHE", folder);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe("a pinned Python package", () => {
  it("is refused where its bytes are not the pinned ones, and leaves nothing in the cache", async () => {
    await expect(wheel(silentProgress, { ...six, sha256: "0".repeat(64) })).rejects.toThrow(/hash/i);
    await expect(stat(join(folder, "python", `six-1.16.0-${"0".repeat(16)}`))).rejects.toThrow("ENOENT");
  });

  it("is unpacked once, and one member of it can be asked for", async () => {
    const path = await wheel(silentProgress, { ...six, file: "six.py" });
    expect(await readFile(path, "utf8")).toContain('__version__ = "1.16.0"');
    const { mtimeMs } = await stat(join(path, ".."));
    await wheel(silentProgress, six);
    expect((await stat(join(path, ".."))).mtimeMs).toBe(mtimeMs);
  });

  it("can be its source distribution, as published", async () => {
    const sha256 = "1e61c37477a1626458e36f7b1d82aa5c9b094fa4802892072e49de9c60c4c926";
    const path = await sourceDistribution(silentProgress, { ...six, sha256 });
    expect((await readFile(path)).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b])); // gzip
  });
});

describe("a pinned npm package", () => {
  it("is refused where its bytes are not the pinned ones", async () => {
    const wrong = { ...isNumber, integrity: `sha512-${"A".repeat(86)}==` };
    await expect(npmPackage(silentProgress, wrong)).rejects.toThrow(
      "is-number@7.0.0: integrity must be sha512-AAAA",
    );
  });

  it("is unpacked into the cache", async () => {
    const path = await npmPackage(silentProgress, isNumber);
    expect(JSON.parse(await readFile(join(path, "package.json"), "utf8"))).toMatchObject({
      version: "7.0.0",
    });
  });
});
