import { readdir, readFile, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cache, home } from "../home.ts";
import type { Progress } from "../progress.ts";
import { runCommand } from "../run-command.ts";
import { DAEMONS } from "./cluster-status.ts";
import { stopDaemon } from "./daemon.ts";
import { PATHS, RUN } from "./layout.ts";
import { removeNetwork } from "./network.ts";

const CGROUPS = "/sys/fs/cgroup";
/** The kubelet's cgroup, and containerd's for its own. */
const OUR_CGROUPS = ["kubepods"];

/**
 * Takes the cluster off the machine: processes, mounts, network, rules, cgroups, data, stack state. Works on one that is half
 * started or broken, and on none. With `purge` the caches go too.
 */
export async function clusterDown(progress: Progress, { purge }: { purge: boolean }): Promise<void> {
  await progress.step("Stop Kubernetes", async () => {
    await stopDaemon("kubelet"); // first, or it starts again what is killed
    await killPods();
    for (const name of DAEMONS) await stopDaemon(name);
    await killShims();
  });
  await progress.step("Remove mounts, network, cgroups and data", async () => {
    await unmountBelow([home(), RUN]);
    await removeNetwork();
    await removeCgroups();
    for (const path of [RUN, home(), "/var/log/containers"]) await rm(path, { recursive: true, force: true });
    await removeIfEmpty(["/run/containerd/s", "/run/containerd", "/var/lib/cni/results", "/var/lib/cni"]);
  });
  if (purge) await progress.step("Remove the caches", () => removeCache());
}

/** Go's and buildah's files are partly read-only, which stops nobody but a plain `rm` of a user that is not root. */
async function removeCache(): Promise<void> {
  await unmountBelow([cache()]);
  await rm(cache(), { recursive: true, force: true });
}

/** Ends every process in the kubelet's cgroups: containers, sandboxes, and what they started. */
async function killPods(): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const pids = new Set<number>();
    for (const folder of await cgroupFolders())
      for (const line of (await readFile(join(folder, "cgroup.procs"), "utf8").catch(() => "")).split("\n"))
        if (line !== "") pids.add(Number(line));
    if (pids.size === 0) return;
    for (const pid of pids) signal(pid, attempt === 0 ? "SIGTERM" : "SIGKILL");
    await sleep(attempt === 0 ? 1000 : 100);
  }
  throw new Error("processes in the kubelet's cgroups do not end: see the machine's kernel log");
}

/** containerd leaves a shim per pod behind when it is stopped. */
async function killShims(): Promise<void> {
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const command = (await readFile(`/proc/${entry}/cmdline`, "utf8").catch(() => "")).split("\0");
    const ours = command.includes(PATHS.containerdSocket());
    if (ours && command[0]?.includes("containerd-shim")) signal(Number(entry), "SIGKILL");
  }
}

function signal(pid: number, name: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, name);
  } catch {
    // it ended in the meantime
  }
}

/** Every cgroup folder of ours, deepest first: a folder can be removed only when it has no children. */
async function cgroupFolders(): Promise<string[]> {
  const hierarchies = await readdir(CGROUPS, { withFileTypes: true });
  const roots = [
    CGROUPS,
    ...hierarchies.filter((entry) => entry.isDirectory()).map(({ name }) => join(CGROUPS, name)),
  ];
  const found: string[] = [];
  for (const root of roots)
    for (const name of OUR_CGROUPS) {
      const folder = join(root, name);
      const below = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => undefined);
      if (below === undefined) continue;
      found.push(
        folder,
        ...below.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name)),
      );
    }
  return found.sort((a, b) => b.length - a.length);
}

async function removeCgroups(): Promise<void> {
  for (const folder of await cgroupFolders()) {
    for (let attempt = 0; attempt < 50; attempt++) {
      const error = await rmdir(folder).then(
        () => undefined,
        (reason: NodeJS.ErrnoException) => reason,
      );
      if (error === undefined || error.code === "ENOENT") break;
      await sleep(100); // the kernel lets go of ended processes a little later
    }
  }
}

async function unmountBelow(roots: string[]): Promise<void> {
  const mounts = (await readFile("/proc/self/mountinfo", "utf8"))
    .split("\n")
    .map((line) => line.split(" ")[4]?.replaceAll("\\040", " ") ?? "")
    .filter((path) => roots.some((root) => path === root || path.startsWith(`${root}/`)));
  for (const path of mounts.reverse()) await runCommand("umount", ["--lazy", path]).catch(() => undefined);
}

/** Folders that other programs share: they go only if nothing is left in them. */
async function removeIfEmpty(folders: string[]): Promise<void> {
  for (const folder of folders) await rmdir(folder).catch(() => undefined);
}
