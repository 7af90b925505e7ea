import { expect, test } from "vitest";
import {
  gpuMachine,
  gpuMachineFault,
  gpuTypesOf,
  type Cloud,
} from "../../../../components/platform/gpu/gpu-machines.ts";
import { GPU_TYPES } from "../../../../components/platform/kubernetes/gpu-types.ts";

const CLOUDS: readonly Cloud[] = ["aws", "gcp", "azure"];
const COUNTS = [1, 2, 4, 8, 16];

test.each<[Cloud, (typeof GPU_TYPES)[number], number, string]>([
  ["aws", "nvidia-l4", 1, "g6.xlarge"],
  ["aws", "nvidia-h100-80gb", 8, "p5.48xlarge"],
  ["gcp", "nvidia-a100-80gb", 2, "a2-ultragpu-2g"],
  ["azure", "nvidia-a100-80gb", 4, "Standard_NC96ads_A100_v4"],
])("on %s, %s times %i is %s %s", (cloud, type, count, machine) => {
  expect(gpuMachine(cloud, type, count).machine).toBe(machine);
});

test("each GPU has a machine, or a fault that lists the alternatives", () => {
  for (const cloud of CLOUDS)
    for (const type of GPU_TYPES)
      for (const count of COUNTS) {
        const fault = gpuMachineFault(cloud, type, count);
        if (fault === undefined) expect(gpuMachine(cloud, type, count).vcpus).toBeGreaterThan(0);
        else expect(() => gpuMachine(cloud, type, count)).toThrow(fault.rule);
      }
});

test("each GPU is on some cloud, and no machine belongs to two GPUs", () => {
  for (const type of GPU_TYPES)
    expect(
      CLOUDS.some((cloud) => gpuTypesOf(cloud).includes(type)),
      type,
    ).toBe(true);
  for (const cloud of CLOUDS) {
    const machines = gpuTypesOf(cloud).flatMap((type) =>
      COUNTS.filter((count) => gpuMachineFault(cloud, type, count) === undefined).map((count) => {
        const { machine, accelerator = "" } = gpuMachine(cloud, type, count);
        return `${machine} ${accelerator}`;
      }),
    );
    expect(new Set(machines).size).toBe(machines.length);
  }
});
