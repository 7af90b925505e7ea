import { readFile } from "node:fs/promises";
import { z } from "zod";
import { getAs } from "./api-request.ts";
import { podProcesses } from "./cgroup.ts";
import { daemonPid } from "./daemon.ts";
import { API_SERVER, NODE_NAME } from "./layout.ts";

/** Every program of the cluster. */
export const DAEMONS = [
  "kubelet",
  "kube-proxy",
  "kube-scheduler",
  "kube-controller-manager",
  "kube-apiserver",
  "etcd",
  "containerd",
  "registry",
  "registry-gate",
] as const;

export interface ClusterStatus {
  /** At least one of its programs runs. */
  running: boolean;
  /** All of its programs run, the API server is ready, the node is Ready, and names resolve. */
  ready: boolean;
  processes: { name: string; pid?: number; alive: boolean; memoryMib: number }[];
  /** Memory of the pods, with their share of shared pages. */
  podsMemoryMib: number;
  /** Memory of the programs and the pods together. */
  memoryMib: number;
}

/** Returns the status of the cluster on this machine. Starts nothing, and does not throw if something is broken. */
export async function clusterStatus(): Promise<ClusterStatus> {
  const processes = await Promise.all(
    DAEMONS.map(async (name) => {
      const pid = await daemonPid(name);
      return { name, pid, alive: pid !== undefined, memoryMib: Math.round(await memoryMib(pid)) };
    }),
  );
  const pods = await Promise.all((await podProcesses()).map(memoryMib));
  const podsMemoryMib = Math.round(pods.reduce((sum, mib) => sum + mib, 0));
  const allRun = processes.every(({ alive }) => alive);
  return {
    running: processes.some(({ alive }) => alive),
    ready: allRun && (await answersReady()),
    processes,
    podsMemoryMib,
    memoryMib: processes.reduce((sum, process) => sum + process.memoryMib, podsMemoryMib),
  };
}

/** Returns the proportional set size of a process, so that the sum over processes counts shared pages once; 0 if it has ended. */
async function memoryMib(pid: number | undefined): Promise<number> {
  if (pid === undefined) return 0;
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) / 1024;
}

const conditionsSchema = z.object({
  status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })) }),
});

async function answersReady(): Promise<boolean> {
  try {
    if ((await getAs("admin", `${API_SERVER}/readyz`)).status !== 200) return false;
    const wanted = [
      [`${API_SERVER}/api/v1/nodes/${NODE_NAME}`, "Ready"],
      [`${API_SERVER}/apis/apps/v1/namespaces/kube-system/deployments/coredns`, "Available"],
    ] as const;
    for (const [url, type] of wanted) {
      const { status, body } = await getAs("admin", url);
      if (status !== 200) return false;
      const { conditions } = conditionsSchema.parse(JSON.parse(body)).status;
      if (conditions.find((condition) => condition.type === type)?.status !== "True") return false;
    }
    return true;
  } catch {
    return false; // a server that does not answer is not ready
  }
}
