import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { lineProgress } from "../../../local/progress.ts";
import { runCommand } from "../../../local/run-command.ts";
import { goEnvironment, goToolchain } from "../../../local/tools/go-toolchain.ts";

it("Go counts nothing, and writes nothing to the user's home", async () => {
  const folder = await mkdtemp(join(tmpdir(), "slipway-quiet-"));
  const saved = { HOME: process.env["HOME"], SLIPWAY_CACHE: process.env["SLIPWAY_CACHE"] };
  try {
    process.env["HOME"] = join(folder, "home");
    process.env["SLIPWAY_CACHE"] = join(folder, "cache");
    const { go } = await goToolchain(lineProgress(() => {}));
    const env = goEnvironment();
    await runCommand(go, ["list", "std"], { env, cwd: folder });
    expect((await runCommand(go, ["telemetry"], { env })).trim()).toBe("off");
    expect(await readdir(join(folder, "home")).catch(() => [])).toEqual([]);
    const telemetry = join(folder, "cache", "go", "config", "go", "telemetry");
    expect(await readFile(join(telemetry, "mode"), "utf8")).toBe("off\n");
    expect(await readdir(telemetry)).toEqual(["mode"]);
  } finally {
    for (const [name, value] of Object.entries(saved))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    await rm(folder, { recursive: true, force: true });
  }
});
