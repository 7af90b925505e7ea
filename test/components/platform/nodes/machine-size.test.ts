import { expect, test } from "vitest";
import type { Cloud } from "../../../../components/platform/gpu/gpu-machines.ts";
import { machineSize } from "../../../../components/platform/nodes/machine-size.ts";
import { loadPrices } from "../../../../cost/prices/load-prices.ts";

test.each<[Cloud, string, number, number]>([
  ["aws", "m7i.large", 2, 8],
  ["aws", "m7i.2xlarge", 8, 32],
  ["aws", "c7i.16xlarge", 64, 128],
  ["aws", "r7g.xlarge", 4, 32],
  ["aws", "g6.xlarge", 4, 16],
  ["aws", "g6e.12xlarge", 48, 384],
  ["gcp", "e2-standard-4", 4, 16],
  ["gcp", "n2-highmem-8", 8, 64],
  ["gcp", "n1-standard-4", 4, 15],
  ["gcp", "g2-standard-12", 12, 48],
  ["azure", "Standard_D8ds_v5", 8, 32],
  ["azure", "Standard_E4s_v5", 4, 32],
  ["azure", "Standard_F4s_v2", 4, 8],
  ["azure", "Standard_NC4as_T4_v3", 4, 28],
])("on %s, %s has %d vCPUs and %d GiB", (cloud, machine, vcpus, memoryGib) => {
  expect(machineSize(cloud, machine)).toEqual({ vcpus, memoryGib });
});

test.each<[Cloud, string]>([
  ["aws", "x9.strange"],
  ["aws", "p5.48xlarge"],
  ["gcp", "a3-highgpu-8g"],
  ["azure", "Standard_ND96isr_H100_v5"],
  ["azure", "load-balancer"],
])("on %s, the size of %s is not known", (cloud, machine) => {
  expect(machineSize(cloud, machine)).toBeUndefined();
});

test("knows the machines of the pools that the stacks have by default", () => {
  const table = loadPrices();
  for (const [cloud, machine] of [
    ["aws", "m7i.2xlarge"],
    ["gcp", "e2-standard-4"],
    ["azure", "Standard_D8ds_v5"],
  ] as const) {
    expect(Object.hasOwn(table[cloud], machine)).toBe(true);
    expect(machineSize(cloud, machine)).toBeDefined();
  }
});
