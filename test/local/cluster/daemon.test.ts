import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  daemonLog,
  daemonPid,
  ensureDaemon,
  parseStartTime,
  stopDaemon,
  type Daemon,
} from "../../../local/cluster/daemon.ts";

describe("the start time of a process", () => {
  const fields = "S 1 100 100 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 4711 2920448 439";

  it.each(["(sh)", "(a b)", "(x) S 9 9 (y)", "()"])(
    "is field 22 whatever the program is called: %s",
    (name) => {
      expect(parseStartTime(`100 ${name} ${fields}`)).toBe("4711");
    },
  );

  it("is none for a zombie, which runs no more", () => {
    expect(parseStartTime(`100 (sh) ${fields.replace("S", "Z")}`)).toBeUndefined();
  });
});

describe.runIf(process.platform === "linux")("a daemon", () => {
  const sleeper: Daemon = { name: "sleeper", program: "sleep", args: ["300"] };
  const record = (): string => join(folder, "cluster", "processes", "sleeper.json");
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-daemon-"));
    vi.stubEnv("SLIPWAY_HOME", folder);
  });
  afterEach(async () => {
    await stopDaemon("sleeper");
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  it("is started once, and left alone while it runs as described", async () => {
    expect(await ensureDaemon(sleeper)).toBe(true);
    const pid = await daemonPid("sleeper");
    const command = (): Promise<string> => readFile(`/proc/${pid}/cmdline`, "utf8");
    while ((await command()).startsWith("sh")) await sleep(5); // it is about to become the program
    expect(await command()).toBe("sleep\x00300\0");
    expect(await ensureDaemon(sleeper)).toBe(false);
    expect(await daemonPid("sleeper")).toBe(pid);
  });

  it.each<[string, Partial<Daemon>]>([
    ["arguments", { args: ["301"] }],
    ["environment", { env: { A: "b" } }],
    ["configuration files", { reads: ["new"] }],
  ])("is restarted when its %s change", async (_, change) => {
    await ensureDaemon(sleeper);
    const before = await daemonPid("sleeper");
    expect(await ensureDaemon({ ...sleeper, ...change })).toBe(true);
    expect(await daemonPid("sleeper")).not.toBe(before);
  });

  it("is started again after a kill -9", async () => {
    await ensureDaemon(sleeper);
    const pid = await daemonPid("sleeper");
    process.kill(pid ?? 0, "SIGKILL");
    while ((await daemonPid("sleeper")) !== undefined) await sleep(5);
    expect(await ensureDaemon(sleeper)).toBe(true);
    expect(await daemonPid("sleeper")).not.toBe(pid);
  });

  it.each([
    ["start time", { startTime: "1" }],
    ["boot", { boot: "another" }],
  ])(
    "is not mistaken for a process of another %s with the same pid, which is not ended either",
    async (_, other) => {
      await ensureDaemon(sleeper);
      const truth = await readFile(record(), "utf8");
      await writeFile(record(), JSON.stringify({ ...(JSON.parse(truth) as object), ...other }));
      expect(await daemonPid("sleeper")).toBeUndefined();
      await stopDaemon("sleeper");
      await writeFile(record(), truth);
      expect(await daemonPid("sleeper")).toBeDefined();
    },
  );

  it("that ignores SIGTERM is killed when its time is up", async () => {
    await ensureDaemon({
      name: "sleeper",
      program: "sh",
      args: ["-c", "trap '' TERM; echo deaf; while :; do sleep 1; done"],
    });
    while (!(await readFile(daemonLog("sleeper"), "utf8")).includes("deaf")) await sleep(5);
    await stopDaemon("sleeper", 100);
    expect(await daemonPid("sleeper")).toBeUndefined();
  });

  it("writes to its log, of which only the last is kept when it grew too long", async () => {
    await ensureDaemon({ ...sleeper, program: "sh", args: ["-c", "echo hello; exec sleep 300"] });
    while (!(await readFile(daemonLog("sleeper"), "utf8")).includes("hello")) await sleep(5);
    await writeFile(daemonLog("sleeper"), Buffer.alloc(21 * 1024 * 1024, "x"));
    await ensureDaemon(sleeper);
    expect((await readFile(daemonLog("sleeper"))).byteLength).toBeLessThan(1000);
    expect((await readFile(`${daemonLog("sleeper")}.old`)).byteLength).toBe(21 * 1024 * 1024);
  });

  it("that does not exist is an error in its log", async () => {
    await ensureDaemon({ ...sleeper, program: "no-such-program" });
    while ((await daemonPid("sleeper")) !== undefined) await sleep(5);
    expect(await readFile(daemonLog("sleeper"), "utf8")).toContain("no-such-program");
  });
});
