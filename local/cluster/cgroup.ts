import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const MOUNT = "/sys/fs/cgroup";
/** Cgroup of all pods and of nothing else: their processes can be counted and ended together. */
export const CGROUP_ROOT = "/slipway";

/** Creates the root cgroup of pods in every hierarchy (one on cgroup v2, one per controller on v1). The kubelet requires it. */
export async function ensureCgroup(): Promise<void> {
  for (const hierarchy of await hierarchies()) {
    const available = await text(join(hierarchy, "cgroup.controllers"));
    // v2: a child has only the controllers that its parent enables for it. Those that cannot be enabled here are not needed.
    for (const controller of available.split(/\s+/).filter(Boolean))
      await writeFile(join(hierarchy, "cgroup.subtree_control"), `+${controller}`).catch(() => undefined);
    const folder = join(hierarchy, CGROUP_ROOT);
    await mkdir(folder, { recursive: true });
    // v1: a cpuset without processors and memory accepts no process.
    for (const file of ["cpuset.cpus", "cpuset.mems"]) {
      const parent = (await text(join(hierarchy, file))).trim();
      if (parent !== "" && (await text(join(folder, file))).trim() === "")
        await writeFile(join(folder, file), parent).catch(() => undefined);
    }
  }
}

/** Returns the pids of all processes in pods. */
export async function podProcesses(): Promise<number[]> {
  const pids = new Set<number>();
  for (const folder of await folders())
    for (const line of (await text(join(folder, "cgroup.procs"))).split("\n"))
      if (line !== "") pids.add(Number(line));
  return [...pids];
}

/** Removes the cgroups of pods. The pods must have ended. */
export async function removeCgroup(): Promise<void> {
  for (const folder of await folders()) {
    for (let attempt = 0; attempt < 50; attempt++) {
      const code = await rmdir(folder).then(
        () => undefined,
        (error: NodeJS.ErrnoException) => error.code,
      );
      if (code !== "EBUSY") break;
      await sleep(100); // the kernel releases ended processes a little later
    }
  }
}

/** Returns all folders below CGROUP_ROOT, the deepest first: only a folder without children can be removed. */
async function folders(): Promise<string[]> {
  const found: string[] = [];
  for (const hierarchy of await hierarchies()) {
    const root = join(hierarchy, CGROUP_ROOT);
    const below = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => undefined);
    if (below === undefined) continue;
    found.push(
      root,
      ...below.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name)),
    );
  }
  return found.sort((a, b) => b.length - a.length);
}

async function hierarchies(): Promise<string[]> {
  return cgroupHierarchies(await text("/proc/self/mounts"));
}

/** Returns the mount points of the cgroup hierarchies in a /proc/self/mounts: one of v2, or one per controller of v1. */
export function cgroupHierarchies(mounts: string): string[] {
  return mounts
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, path = "", type = ""]) => /^cgroup2?$/.test(type) && path.startsWith(MOUNT))
    .map(([, path = ""]) => path);
}

const text = (file: string): Promise<string> => readFile(file, "utf8").catch(() => "");
