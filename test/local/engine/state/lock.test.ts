import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { StackLocked, takeLock } from "../../../../local/engine/state/lock.ts";
import { temporaryFolder } from "../scripted-run.ts";

const silent = (): void => undefined;

async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await new Promise((resolve) => child.on("exit", resolve));
  return child.pid ?? 0;
}

function putLock(folder: string, content: object): void {
  writeFileSync(path.join(folder, "other.json"), JSON.stringify(content));
}

const someone = { username: "ada", hostname: os.hostname(), timestamp: "2026-01-01T00:00:00Z" };

describe("the lock of a stack", () => {
  it("keeps a second run out, naming who holds it, until it is released", async () => {
    const folder = temporaryFolder();
    const lock = await takeLock(folder, silent);
    await expect(takeLock(folder, silent)).rejects.toThrow(
      new RegExp(`process ${process.pid} of .* on ${os.hostname()}`),
    );
    await lock.release();
    await (await takeLock(folder, silent)).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("never lets two in that come at once", async () => {
    const folder = temporaryFolder();
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(folder, silent)));
    expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(1);
  });

  it("takes over from a process that is no more, and says so", async () => {
    const folder = temporaryFolder();
    const pid = await deadProcess();
    putLock(folder, { ...someone, pid });
    const messages: string[] = [];
    await takeLock(folder, (message) => messages.push(message));
    expect(messages).toEqual([expect.stringContaining(`process ${pid}`)]);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it("is not fooled by a later process with the same pid", async () => {
    const folder = temporaryFolder();
    putLock(folder, { ...someone, pid: process.pid, startIdentity: "another boot:1" });
    await takeLock(folder, silent);
    const [own = ""] = readdirSync(folder);
    expect(JSON.parse(readFileSync(path.join(folder, own), "utf8"))).toMatchObject({ pid: process.pid });
  });

  it("trusts a lock of another machine, of the CLI, and one that it cannot read", async () => {
    const folder = temporaryFolder();
    putLock(folder, { ...someone, pid: 1, hostname: "elsewhere" });
    await expect(takeLock(folder, silent)).rejects.toThrow(StackLocked);
    putLock(folder, { ...someone, pid: process.pid });
    await expect(takeLock(folder, silent)).rejects.toThrow(/process/);
    writeFileSync(path.join(folder, "other.json"), "{");
    await expect(takeLock(folder, silent)).rejects.toThrow(/unreadable/);
  });
});
