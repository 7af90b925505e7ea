import { expect, test } from "vitest";
import { gpuSettings, offeredGpus } from "../../../../components/aws/cluster/bottlerocket-gpus.ts";

test("whole GPUs need no settings", () => {
  const pool = { type: "nvidia-l4", count: 4 } as const;
  expect(gpuSettings(pool)).toBeUndefined();
  expect(offeredGpus(pool)).toBe(4);
});

test("time slicing keeps the resource name of GPUs", () => {
  const pool = { type: "nvidia-l4", count: 4, timeSlicing: 3 } as const;
  expect(gpuSettings(pool)).toBe(`[settings.kubelet-device-plugins.nvidia]
device-sharing-strategy = "time-slicing"

[settings.kubelet-device-plugins.nvidia.time-slicing]
replicas = 3
rename-by-default = false
`);
  expect(offeredGpus(pool)).toBe(12);
});

test("MIG settings name the GPU by model and memory", () => {
  const pool = { type: "nvidia-a100-40gb", count: 8, mig: "1g.5gb" } as const;
  expect(gpuSettings(pool)).toBe(`[settings.kubelet-device-plugins.nvidia]
device-partitioning-strategy = "mig"

[settings.kubelet-device-plugins.nvidia.mig.profile]
"a100.40gb" = "1g.5gb"
`);
  expect(offeredGpus(pool)).toBe(56);
});
