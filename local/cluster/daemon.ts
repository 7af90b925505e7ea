import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PATHS } from "./layout.ts";

const LOG_LIMIT_BYTES = 20 * 1024 * 1024;

/** A program that outlives the command that started it. */
export interface Daemon {
  name: string;
  program: string;
  args: string[];
  env?: Record<string, string>;
  /** Contents of the files that it reads at its start: it is restarted when they change. */
  reads?: string[];
}

interface Identity {
  pid: number;
  /** Field 22 of /proc/<pid>/stat, in clock ticks since boot: with it a reused pid is not mistaken. */
  startTime: string;
  /** Hash of how it was started. */
  command: string;
}

/** Starts a daemon unless it runs as described. A changed command restarts it. Returns whether anything was done. */
export async function ensureDaemon(daemon: Daemon): Promise<boolean> {
  const command = commandHash(daemon);
  const known = await identity(daemon.name);
  if (known !== undefined && (await isAlive(known))) {
    if (known.command === command) return false;
    await stopDaemon(daemon.name);
  }
  await mkdir(PATHS.logs(), { recursive: true });
  await mkdir(PATHS.processes(), { recursive: true });
  const path = daemonLog(daemon.name);
  const size = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  if (size > LOG_LIMIT_BYTES) await rename(path, `${path}.old`);
  const log = await open(path, "a");
  try {
    const child = spawn(daemon.program, daemon.args, {
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
      env: { PATH: process.env["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/root", ...daemon.env },
      cwd: "/",
    });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", (error) => reject(new Error(`cannot start ${daemon.program}: ${error.message}`)));
    });
    child.unref();
    const pid = child.pid ?? 0;
    const startTime = (await startTimeOf(pid)) ?? "";
    const file = join(PATHS.processes(), `${daemon.name}.json`);
    await writeFile(`${file}.partial`, JSON.stringify({ pid, startTime, command } satisfies Identity));
    await rename(`${file}.partial`, file);
  } finally {
    await log.close();
  }
  return true;
}

/** Asks a daemon to end, insists after `graceMs`, and forgets it. One that does not run is no error. */
export async function stopDaemon(name: string, graceMs = 10_000): Promise<void> {
  const known = await identity(name);
  if (known !== undefined && (await isAlive(known))) {
    process.kill(known.pid, "SIGTERM");
    const deadline = Date.now() + graceMs;
    while ((await isAlive(known)) && Date.now() < deadline) await sleep(50);
    if (await isAlive(known)) process.kill(known.pid, "SIGKILL");
    while (await isAlive(known)) await sleep(50);
  }
  await rm(join(PATHS.processes(), `${name}.json`), { force: true });
}

/** Pid of a daemon, if it runs. */
export async function daemonPid(name: string): Promise<number | undefined> {
  const known = await identity(name);
  return known !== undefined && (await isAlive(known)) ? known.pid : undefined;
}

export function daemonLog(name: string): string {
  return join(PATHS.logs(), `${name}.log`);
}

function commandHash({ program, args, env, reads }: Daemon): string {
  return createHash("sha256")
    .update(JSON.stringify([program, args, env, reads]))
    .digest("hex");
}

async function identity(name: string): Promise<Identity | undefined> {
  try {
    return JSON.parse(await readFile(join(PATHS.processes(), `${name}.json`), "utf8")) as Identity;
  } catch {
    return undefined; // never started, or the machine went down while the file was written
  }
}

async function isAlive({ pid, startTime }: Identity): Promise<boolean> {
  return (await startTimeOf(pid)) === startTime;
}

async function startTimeOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return text === undefined ? undefined : parseStartTime(text);
}

/** Start time in a /proc/<pid>/stat; undefined for a zombie. The name in parentheses may hold anything, blanks and parentheses too. */
export function parseStartTime(text: string): string | undefined {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? undefined : fields[19];
}
