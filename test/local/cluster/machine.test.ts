import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cgroupHierarchies } from "../../../local/cluster/cgroup.ts";
import { hasCapability } from "../../../local/cluster/machine.ts";

describe("capabilities", () => {
  it.each([
    ["000001fffeffffff", false], // read on a machine without CAP_SYS_RESOURCE
    ["000001ffffffffff", true],
    ["0000000000000000", false],
    ["0000000001000000", true],
  ])("of the mask %s include CAP_SYS_RESOURCE: %s", (mask, expected) => {
    expect(hasCapability(`Name:\tnode\nCapInh:\tffffffffffffffff\nCapEff:\t${mask}\nCapBnd:\t0\n`, 24n)).toBe(
      expected,
    );
  });

  it("are none where the status has no mask", () => {
    expect(hasCapability("Name:\tnode\n", 24n)).toBe(false);
  });

  it("are the bits of the mask", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 41n - 1n), fc.bigInt(0n, 40n), (mask, bit) => {
        const status = `CapEff:\t${mask.toString(16).padStart(16, "0")}\n`;
        expect(hasCapability(status, bit)).toBe(mask.toString(2).split("").reverse()[Number(bit)] === "1");
      }),
    );
  });
});

describe("cgroup hierarchies", () => {
  it("are one on cgroup v2", () => {
    const mounts = "proc /proc proc rw 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n";
    expect(cgroupHierarchies(mounts)).toEqual(["/sys/fs/cgroup"]);
  });

  it("are one per controller on v1, and the v2 beside them, but not the tmpfs that holds them", () => {
    const mounts = [
      "tmpfs /sys/fs/cgroup tmpfs rw 0 0",
      "cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0",
      "cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0",
      "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0",
      "cgroup /somewhere/else/cpu cgroup rw,cpu 0 0",
    ].join("\n");
    expect(cgroupHierarchies(mounts)).toEqual([
      "/sys/fs/cgroup/cpu,cpuacct",
      "/sys/fs/cgroup/memory",
      "/sys/fs/cgroup/unified",
    ]);
  });
});
