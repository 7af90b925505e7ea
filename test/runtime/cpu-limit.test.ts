import { describe, expect, it } from "vitest";
import { cpuLimit } from "../../runtime/cpu-limit.ts";

const files =
  (content: Record<string, string>) =>
  (path: string): Promise<string | undefined> =>
    Promise.resolve(content[path]);

describe("the CPU limit", () => {
  it.each([
    ["version 2", { "/sys/fs/cgroup/cpu.max": "200000 100000\n" }, 2],
    ["version 2, part of a CPU", { "/sys/fs/cgroup/cpu.max": "50000 100000" }, 1],
    ["version 2, rounded up", { "/sys/fs/cgroup/cpu.max": "150000 100000" }, 2],
    ["version 2 without a quota", { "/sys/fs/cgroup/cpu.max": "max 100000" }, 8],
    [
      "version 1",
      { "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "300000", "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000" },
      3,
    ],
    [
      "version 1 under its full name",
      {
        "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "100000",
        "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000",
      },
      1,
    ],
    [
      "version 1 without a quota",
      { "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1", "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000" },
      8,
    ],
    ["a quota above the machine", { "/sys/fs/cgroup/cpu.max": "6400000 100000" }, 8],
    ["no cgroup", {}, 8],
  ])("is read from %s", async (_, content, expected) => {
    expect(await cpuLimit(files(content), 8)).toBe(expected);
  });
});
