import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";

/**
 * Returns the number of threads that this process should use: the CPU quota of its cgroup (version 2 or 1), rounded up, at least 1
 * and at most the machine's number of CPUs. `read` returns a file's text, or undefined if there is no such file.
 */
export async function cpuLimit(
  read: (path: string) => Promise<string | undefined> = readIfThere,
  cores: number = availableParallelism(),
): Promise<number> {
  const quota = quotaV2(await read("/sys/fs/cgroup/cpu.max")) ?? quotaV1(await v1Files(read));
  return quota === undefined ? cores : Math.max(1, Math.min(cores, Math.ceil(quota)));
}

/** `cpu.max` is `<quota> <period>` in microseconds, or `max <period>`. */
function quotaV2(text: string | undefined): number | undefined {
  const [quota, period] = (text ?? "").trim().split(/\s+/).map(Number);
  return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? quota / period : undefined;
}

/** A quota of -1 means no limit. */
function quotaV1([quota, period]: readonly (string | undefined)[]): number | undefined {
  const [q, p] = [Number(quota), Number(period)];
  return q > 0 && p > 0 ? q / p : undefined;
}

async function v1Files(read: (path: string) => Promise<string | undefined>): Promise<(string | undefined)[]> {
  for (const folder of ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"]) {
    const quota = await read(`${folder}/cpu.cfs_quota_us`);
    if (quota !== undefined) return [quota, await read(`${folder}/cpu.cfs_period_us`)];
  }
  return [];
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}
