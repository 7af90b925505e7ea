import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../run-command.ts";

/** Everything that a cluster could leave behind on the machine, as sorted lines that can be compared. */
export interface MachineSnapshot {
  processes: string[];
  mounts: string[];
  /** Network namespaces of running programs and in /run/netns; those that are only mounted are in `mounts`. */
  networkNamespaces: string[];
  links: string[];
  /** iptables rules and non-empty chains of both families, without counters. */
  rules: string[];
  cgroups: string[];
  files: string[];
  sysctls: string[];
}

const WATCHED_FILES = [
  "/etc/cni",
  "/var/lib/cni",
  "/var/lib/kubelet",
  "/var/log/pods",
  "/var/log/containers",
  "/run/slipway",
  "/run/containerd",
  "/opt/containerd",
  "/opt/cni",
  "/usr/libexec/kubernetes",
];
const WATCHED_SYSCTLS = [
  "net/ipv4/ip_forward",
  "net/bridge/bridge-nf-call-iptables",
  "net/ipv4/conf/all/route_localnet",
  "net/netfilter/nf_conntrack_max",
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
];
/** Programs of the cluster and in its pods. Other processes are not compared: they start and end at any time. */
const PROGRAMS =
  /^(kube|etcd|containerd|docker-registry|haproxy|coredns|pause|redis-server|prometheus|alertmanager|pushgateway|node \/app)/;

export async function machineSnapshot(): Promise<MachineSnapshot> {
  const lines = (text: string): string[] =>
    text
      .split("\n")
      .filter((line) => line !== "")
      .sort();
  const run = (program: string, args: string[]): Promise<string> => runCommand(program, args).catch(() => "");
  const rules = await Promise.all(["iptables-save", "ip6tables-save"].map((program) => run(program, [])));
  return {
    processes: await processes(),
    mounts: lines(await readFile("/proc/self/mounts", "utf8")).map((line) =>
      line.split(" ").slice(0, 3).join(" "),
    ),
    networkNamespaces: [...lines(await run("ip", ["netns", "list"])), ...(await namespacesInUse())],
    links: lines(await run("ip", ["-oneline", "link"])).map((line) => line.split(": ")[1] ?? ""),
    rules: lines(rules.join("\n")).filter((line) => line.startsWith("-A") || /^:(KUBE|CNI)/.test(line)),
    cgroups: await cgroups(),
    files: (await Promise.all(WATCHED_FILES.map(below))).flat(),
    sysctls: await Promise.all(
      WATCHED_SYSCTLS.map(
        async (key) => `${key} ${(await readFile(`/proc/sys/${key}`, "utf8").catch(() => "none")).trim()}`,
      ),
    ),
  };
}

/** Returns the sorted names of running programs that a cluster could have started, without pids. */
async function processes(): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const [program = "", first = ""] = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split(
      "\0",
    );
    const command = `${program.slice(program.lastIndexOf("/") + 1)} ${first}`;
    if (PROGRAMS.test(command)) found.push(command);
  }
  return found.sort();
}

async function namespacesInUse(): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const found = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/ns/net`).catch(() => "")));
  return [...new Set(found.filter((name) => name !== ""))].sort();
}

async function cgroups(): Promise<string[]> {
  const entries = await readdir("/sys/fs/cgroup", { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => /\/(slipway|kubepods)(\/|$)/.test(path))
    .sort();
}

/** Returns the paths of a folder and everything in it; empty if there is no such folder. */
async function below(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true }).catch(() => undefined);
  return entries === undefined ? [] : [folder, ...entries.map((entry) => join(folder, entry))].sort();
}
