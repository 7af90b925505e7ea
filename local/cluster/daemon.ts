import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, open, readFile, rm, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PATHS } from "./layout.ts";

const LOG_LIMIT_BYTES = 20 * 1024 * 1024;
const SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Shell script that writes the identity of its process to a file and then runs the daemon by `exec`. So no daemon ever runs without
 * a record, even if its parent is killed. Arguments: file of the identity, hash of the command, the command.
 */
const RECORD_AND_EXEC = `
file=$1 hash=$2; shift 2
field() { shift 19; echo "$1"; }
read -r stat < /proc/$$/stat
read -r boot < /proc/sys/kernel/random/boot_id
echo "{\\"pid\\":$$,\\"startTime\\":\\"$(field \${stat##*) })\\",\\"boot\\":\\"$boot\\",\\"command\\":\\"$hash\\"}" > "$file.partial" &&
  mv "$file.partial" "$file" && exec "$@"
`;

/** A program that outlives the command that started it. */
export interface Daemon {
  name: string;
  program: string;
  args: string[];
  env?: Record<string, string>;
  /** Contents of the files that the daemon reads at its start; a change restarts it. */
  reads?: string[];
}

interface Identity {
  pid: number;
  /** Field 22 of /proc/<pid>/stat, in clock ticks since boot; it tells the process from a later one with the same pid. */
  startTime: string;
  /** The kernel's boot id: after a restart the machine may give the same pids at the same ticks. */
  boot: string;
  /** Hash of the program, its arguments, environment and files. */
  command: string;
}

/** Starts a daemon unless it already runs with the same command; a changed command restarts it. Returns true if it was started. */
export async function ensureDaemon(daemon: Daemon): Promise<boolean> {
  const command = commandHash(daemon);
  await boundLog(daemonLog(daemon.name));
  const known = await identity(daemon.name);
  if (known !== undefined && (await isAlive(known))) {
    if (known.command === command) return false;
    await stopDaemon(daemon.name);
  }
  await mkdir(PATHS.logs(), { recursive: true });
  await mkdir(PATHS.processes(), { recursive: true });
  const log = await open(daemonLog(daemon.name), "a");
  try {
    const file = identityFile(daemon.name);
    const child = spawn("sh", ["-c", RECORD_AND_EXEC, "sh", file, command, daemon.program, ...daemon.args], {
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
      env: { PATH: SEARCH_PATH, HOME: "/root", ...daemon.env },
      cwd: "/",
    });
    let failure: Error | undefined;
    child.once("error", (error) => (failure = error));
    while ((await identity(daemon.name))?.pid !== child.pid || child.pid === undefined) {
      if (failure !== undefined || child.exitCode !== null || child.signalCode !== null)
        throw new Error(
          `cannot start ${daemon.name}: ${failure?.message ?? `see ${daemonLog(daemon.name)}`}`,
        );
      await sleep(5);
    }
    child.unref();
  } finally {
    await log.close();
  }
  return true;
}

/** Cuts a log that is too long down to its end. A daemon appends, so it continues at the new end. */
async function boundLog(path: string): Promise<void> {
  const size = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  if (size <= LOG_LIMIT_BYTES) return;
  await copyFile(path, `${path}.old`);
  await truncate(path);
}

/** Stops a daemon: SIGTERM, then SIGKILL after `graceMs`; removes its record. A daemon that does not run is not an error. */
export async function stopDaemon(name: string, graceMs = 10_000): Promise<void> {
  const known = await identity(name);
  if (known !== undefined && (await isAlive(known))) {
    process.kill(known.pid, "SIGTERM");
    const deadline = Date.now() + graceMs;
    while ((await isAlive(known)) && Date.now() < deadline) await sleep(50);
    if (await isAlive(known)) process.kill(known.pid, "SIGKILL");
    while (await isAlive(known)) await sleep(50);
  }
  await rm(identityFile(name), { force: true });
}

/** Returns the pid of a daemon; undefined if it does not run. */
export async function daemonPid(name: string): Promise<number | undefined> {
  const known = await identity(name);
  return known !== undefined && (await isAlive(known)) ? known.pid : undefined;
}

function identityFile(name: string): string {
  return join(PATHS.processes(), `${name}.json`);
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
    return JSON.parse(await readFile(identityFile(name), "utf8")) as Identity;
  } catch {
    return undefined; // never started, or the machine went down while the file was written
  }
}

async function isAlive({ pid, startTime, boot }: Identity): Promise<boolean> {
  const now = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
  return boot === now && (await startTimeOf(pid)) === startTime;
}

async function startTimeOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return text === undefined ? undefined : parseStartTime(text);
}

/** Returns the start time in a /proc/<pid>/stat; undefined for a zombie. The name in parentheses may hold blanks and parentheses. */
export function parseStartTime(text: string): string | undefined {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? undefined : fields[19];
}
