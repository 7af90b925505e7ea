import { expect, test } from "vitest";
import { MIG_TYPES, type GpuType } from "../../../../components/platform/kubernetes/gpu-types.ts";
import { migInstances } from "../../../../components/platform/gpu/mig-instances.ts";

/** Source: NVIDIA's user guide. */
test.each([
  ["nvidia-a100-40gb", "1g.5gb", 7],
  ["nvidia-a100-40gb", "1g.10gb", 4],
  ["nvidia-a100-40gb", "2g.10gb", 3],
  ["nvidia-a100-40gb", "3g.20gb", 2],
  ["nvidia-a100-40gb", "4g.20gb", 1],
  ["nvidia-a100-40gb", "7g.40gb", 1],
  ["nvidia-a100-80gb", "1g.10gb", 7],
  ["nvidia-a100-80gb", "1g.20gb", 4],
  ["nvidia-h100-80gb", "2g.20gb", 3],
  ["nvidia-h100-80gb", "3g.40gb", 2],
  ["nvidia-h100-94gb", "1g.12gb", 7],
  ["nvidia-h100-94gb", "1g.24gb", 4],
  ["nvidia-h100-94gb", "3g.47gb", 2],
  ["nvidia-h200-141gb", "1g.18gb", 7],
  ["nvidia-h200-141gb", "1g.35gb", 4],
  ["nvidia-h200-141gb", "7g.141gb", 1],
] as const)("%s splits by %s into %i", (type, profile, instances) => {
  expect(migInstances(type, profile)).toBe(instances);
});

test("every GPU for which the config allows MIG splits", () => {
  for (const type of MIG_TYPES) expect(migInstances(type, "1g.5gb")).toBe(7);
});

test.each([
  ["nvidia-t4", "1g.5gb", "mig must be left out for nvidia-t4, which does not split"],
  ["nvidia-a100-40gb", "1g.80gb", "mig must be a profile that fits into nvidia-a100-40gb, got 1g.80gb"],
  ["nvidia-a100-40gb", "8g.5gb", "mig must be a profile that fits into nvidia-a100-40gb, got 8g.5gb"],
  ["nvidia-a100-40gb", "half", "mig must be a profile such as 1g.10gb, got half"],
] as [GpuType, string, string][])("refuses %s by %s", (type, profile, message) => {
  expect(() => migInstances(type, profile)).toThrow(message);
});
