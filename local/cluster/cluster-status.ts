import { readFile } from "node:fs/promises";
import { daemonPid } from "./daemon.ts";

/** Every program of the cluster, in the order in which they are stopped. */
export const DAEMONS = [
  "kubelet",
  "kube-proxy",
  "kube-scheduler",
  "kube-controller-manager",
  "kube-apiserver",
  "etcd",
  "containerd",
  "registry",
] as const;

export interface ClusterStatus {
  /** At least one of its programs runs. */
  running: boolean;
  processes: { name: string; pid?: number; memoryMib: number }[];
  /** Resident memory of the programs above; pods are not counted. */
  memoryMib: number;
}

export async function clusterStatus(): Promise<ClusterStatus> {
  const processes = await Promise.all(
    DAEMONS.map(async (name) => {
      const pid = await daemonPid(name);
      return { name, pid, memoryMib: pid === undefined ? 0 : await residentMib(pid) };
    }),
  );
  return {
    running: processes.some(({ pid }) => pid !== undefined),
    processes,
    memoryMib: processes.reduce((sum, { memoryMib }) => sum + memoryMib, 0),
  };
}

async function residentMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024);
}
