import { spawn } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { withClusterLock } from "../../../local/cluster/lock.ts";

const lockModule = new URL("../../../local/cluster/lock.ts", import.meta.url).pathname;

describe.runIf(process.platform === "linux")("the lock of the machine", () => {
  beforeEach(() => void vi.stubEnv("SLIPWAY_HOME", `/nowhere/${process.pid}-${Math.random()}`));
  afterEach(() => void vi.unstubAllEnvs());

  it("is free again after the work, done or failed", async () => {
    expect(await withClusterLock(async () => 1)).toBe(1);
    await expect(withClusterLock(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(await withClusterLock(async () => 2)).toBe(2);
  });

  it("can be taken again by whoever holds it, one inside the other or side by side", async () => {
    expect(await withClusterLock(() => withClusterLock(async () => 1))).toBe(1);
    expect(await Promise.all([withClusterLock(async () => 1), withClusterLock(async () => 2)])).toEqual([
      1, 2,
    ]);
  });

  it("refuses a second run and names the first; a killed one holds nothing", async () => {
    const code = `import { withClusterLock } from ${JSON.stringify(lockModule)};
      await withClusterLock(() => new Promise(() => { console.log("held"); setInterval(() => {}, 1000); }));`;
    const other = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", code], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolve) => other.stdout.once("data", resolve));
    await expect(withClusterLock(async () => 1)).rejects.toThrow(`another slipway run (pid ${other.pid})`);
    other.kill("SIGKILL");
    await new Promise((resolve) => other.once("exit", resolve));
    expect(await withClusterLock(async () => 2)).toBe(2);
  });
});
