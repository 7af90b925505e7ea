import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ARM64 } from "../../../local/images/pins.ts";
import { runtimeContext } from "../../../local/images/runtime-context.ts";
import { silentProgress } from "../../../local/progress.ts";

const ROOT = join(import.meta.dirname, "../../..");
/** Machine of an ELF file: the number at byte 18. */
const AARCH64 = 183;

describe("the build context for arm64", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "runtime-context-"));
    await (await runtimeContext(silentProgress, ROOT, "arm64")).stage(folder);
  }, 300_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    "node",
    "lib/lib_lightgbm.so",
    "node_modules/onnxruntime-node/bin/napi-v6/linux/arm64/onnxruntime_binding.node",
    "node_modules/@koromix/koffi-linux-arm64/linux_arm64/koffi.node",
    "node_modules/@duckdb/node-bindings-linux-arm64/duckdb.node",
  ])("has %s for arm64", async (path) => {
    const file = await open(join(folder, path));
    const { buffer } = await file.read(Buffer.alloc(20), 0, 20, 0);
    await file.close();
    expect(buffer.readUInt16LE(18)).toBe(AARCH64);
  });

  it("has the versions of the packages for x64", async () => {
    for (const [name, { version }] of Object.entries(ARM64.packages)) {
      const sibling = join(ROOT, "node_modules", name.replace("arm64", "x64"), "package.json");
      expect((JSON.parse(await readFile(sibling, "utf8")) as { version: string }).version, name).toBe(
        version,
      );
    }
  });
});
