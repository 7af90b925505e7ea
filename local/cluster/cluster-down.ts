import { readdir, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cache, home } from "../home.ts";
import type { Progress } from "../progress.ts";
import { runCommand } from "../run-command.ts";
import { podProcesses, removeCgroup } from "./cgroup.ts";
import { DAEMONS } from "./cluster-status.ts";
import { stopDaemon } from "./daemon.ts";
import { PATHS, RUN } from "./layout.ts";
import { withClusterLock } from "./lock.ts";
import { inspectMachine } from "./machine.ts";
import { removeNetwork } from "./network.ts";
import { removeTraces } from "./traces.ts";

/** Grace period in milliseconds. Short, because all data is removed anyway; an API server without etcd would take a minute. */
const GRACE_MS = 3000;

/**
 * Removes the cluster from the machine: processes, mounts, network, rules, cgroups, kernel settings, data, stack state. Also works
 * if the cluster is half started, broken or absent. With `purge` it removes the caches too.
 */
export async function clusterDown(progress: Progress, { purge }: { purge: boolean }): Promise<void> {
  await inspectMachine();
  await withClusterLock(async () => {
    await progress.step("Stop Kubernetes", async () => {
      await stopDaemon("kubelet"); // first, or it restarts ended containers
      await endPods();
      await Promise.all(DAEMONS.filter((name) => name !== "etcd").map((name) => stopDaemon(name, GRACE_MS)));
      await stopDaemon("etcd", GRACE_MS);
      await endStrays();
    });
    await progress.step("Remove mounts, network, cgroups and data", async () => {
      await unmountBelow([home(), RUN]);
      await removeNetwork();
      await removeCgroup();
      await removeTraces();
      await removeFolder(RUN);
      await removeFolder(home());
    });
    if (purge)
      await progress.step("Remove the caches", async () => {
        await unmountBelow([cache()]);
        await removeFolder(cache());
      });
  });
}

/** Sends SIGTERM to all processes in pods, and SIGKILL after a second: their data is removed anyway. */
async function endPods(): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const pids = await podProcesses();
    if (pids.length === 0) return;
    for (const pid of pids) signal(pid, attempt === 0 ? "SIGTERM" : "SIGKILL");
    for (let wait = 0; wait < 10 && (await podProcesses()).length > 0; wait++) await sleep(100);
  }
  throw new Error("processes in pods do not end: see the machine's kernel log");
}

/** Ends remaining processes: containerd leaves a shim per pod behind, and the record of a daemon may be lost. */
async function endStrays(): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const pids = await strays();
    if (pids.length === 0) return;
    for (const pid of pids) signal(pid, "SIGKILL");
    await sleep(50);
  }
}

/** Returns the pids of the cluster's programs and of containerd's shims, found by their command lines. */
export async function strays(): Promise<number[]> {
  const entries = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const commands = await Promise.all(
    entries.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return entries.filter((_, index) => isStray(commands[index] ?? "")).map(Number);
}

/** True if a /proc/<pid>/cmdline is a program of the cluster with our paths in its arguments. */
export function isStray(commandLine: string): boolean {
  const [program = "", ...args] = commandLine.split("\0");
  const programs = ["containerd-shim-runc-v2", "docker-registry", "haproxy", ...DAEMONS];
  const isOurPath = (arg: string): boolean =>
    arg === PATHS.containerdSocket() || arg.includes(home("cluster"));
  return programs.includes(basename(program)) && args.some(isOurPath);
}

function signal(pid: number, name: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, name);
  } catch {
    // it ended in the meantime
  }
}

/** Unmounts everything below the folders, the last mount first. */
async function unmountBelow(roots: string[]): Promise<void> {
  const mounts = (await readFile("/proc/self/mountinfo", "utf8"))
    .split("\n")
    .map((line) => line.split(" ")[4]?.replaceAll("\\040", " ") ?? "")
    .filter((path) => roots.some((root) => path === root || path.startsWith(`${root}/`)));
  for (const path of mounts.reverse()) {
    await runCommand("umount", [path])
      .catch(() => runCommand("umount", ["--lazy", path]))
      .catch(() => undefined); // already unmounted with its parent; if not, the removal of its folder fails with the reason
  }
}

/** Removes a folder. Throws if it holds other files too, as a wrong SLIPWAY_HOME or SLIPWAY_CACHE could name such a folder. */
async function removeFolder(folder: string): Promise<void> {
  for (const precious of [homedir(), process.cwd()])
    if (dirname(folder) === folder || !relative(folder, precious).startsWith(".."))
      throw new Error(`${folder} holds more than slipway's own files: remove those by hand`);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
