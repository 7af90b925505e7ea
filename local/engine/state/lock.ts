import { randomUUID } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { durableWrite } from "./durable-write.ts";

/** Pulumi's lock content, and an identity that tells a process from a later one with the same pid. */
interface LockContent {
  pid: number;
  username: string;
  hostname: string;
  /** RFC 3339. */
  timestamp: string;
  startIdentity?: string;
}

export class StackLocked extends Error {
  constructor(message: string) {
    super(message);
    this.name = "StackLocked";
  }
}

export interface StackLock {
  release(): Promise<void>;
}

/**
 * Takes the lock of a stack, in the folder where Pulumi's file backend looks for locks too. Each run first writes a file with a
 * unique name and then looks for others: so two runs never both go on, and removing the file of an ended process can never
 * remove that of a running one. Throws StackLocked with the holder's pid, user and host.
 */
export async function takeLock(folder: string, notice: (message: string) => void): Promise<StackLock> {
  const file = path.join(folder, `${randomUUID()}.json`);
  await durableWrite(file, `${JSON.stringify(await ownContent())}\n`);
  const release = () => rm(file, { force: true });
  try {
    for (const name of await readdir(folder)) {
      const other = path.join(folder, name);
      if (other !== file && name.endsWith(".json")) await removeStaleOrThrow(other, notice);
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { release };
}

/** Throws StackLocked if a process holds the lock file; removes the file if its process has ended. */
async function removeStaleOrThrow(file: string, notice: (message: string) => void): Promise<void> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return;
  const holder = parse(text);
  if (holder && holder.hostname === os.hostname() && !(await isAlive(holder))) {
    notice(
      `taking over the lock of process ${holder.pid}, which ended without releasing it (${holder.timestamp})`,
    );
    await rm(file, { force: true });
    return;
  }
  const who = holder
    ? `process ${holder.pid} of ${holder.username} on ${holder.hostname} since ${holder.timestamp}`
    : "an unreadable lock";
  throw new StackLocked(
    `the stack is locked by ${who}; wait until that run ends, or remove ${file} if the process no longer exists`,
  );
}

function parse(text: string): LockContent | undefined {
  try {
    const value = JSON.parse(text) as Partial<LockContent>;
    return typeof value.pid === "number" && typeof value.hostname === "string"
      ? (value as LockContent)
      : undefined;
  } catch {
    return undefined;
  }
}

async function ownContent(): Promise<LockContent> {
  return {
    pid: process.pid,
    username: os.userInfo().username,
    hostname: os.hostname(),
    timestamp: new Date().toISOString(),
    startIdentity: await startIdentity(process.pid),
  };
}

async function isAlive(holder: LockContent): Promise<boolean> {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return holder.startIdentity === undefined || holder.startIdentity === (await startIdentity(holder.pid));
}

/** Returns the boot id and start time of a process, which with its pid identify it. Undefined without /proc. */
async function startIdentity(pid: number): Promise<string | undefined> {
  try {
    const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // Start time is field 22. Fields are counted after the command in parentheses, which may hold any character.
    return `${boot}:${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? ""}`;
  } catch {
    return undefined;
  }
}
