import { readFile, stat } from "node:fs/promises";

const CAP_SYS_RESOURCE = 24n;

/** Properties of the machine that decide how the cluster's programs are configured. */
export interface Machine {
  cgroups: "v1" | "v2";
  /** True if oom_score_adj may be lowered. If false, containerd must not try, or no sandbox starts. */
  canLowerOomScore: boolean;
}

/** Inspects the machine. Throws, with the alternative, if it cannot run a cluster: it is not Linux, or the user is not root. */
export async function inspectMachine(): Promise<Machine> {
  const otherWay =
    "use a cluster and a registry that you have: npm run up -- --context NAME --registry HOST/PREFIX";
  if (process.platform !== "linux")
    throw new Error(`the local cluster needs Linux, this is ${process.platform}; ${otherWay}`);
  if (process.getuid?.() !== 0)
    throw new Error(`the local cluster needs root: run it as root, or ${otherWay}`);
  const unified = await stat("/sys/fs/cgroup/cgroup.controllers").then(
    () => true,
    () => false,
  );
  const status = await readFile("/proc/self/status", "utf8");
  return { cgroups: unified ? "v2" : "v1", canLowerOomScore: hasCapability(status, CAP_SYS_RESOURCE) };
}

/** True if the effective capabilities in a /proc/<pid>/status include the one with this number. */
export function hasCapability(status: string, capability: bigint): boolean {
  const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return mask !== undefined && ((BigInt(`0x${mask}`) >> capability) & 1n) === 1n;
}
