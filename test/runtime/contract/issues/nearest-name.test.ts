import { expect, test } from "vitest";
import { nearestName } from "../../../../runtime/contract/issues/nearest-name.ts";

const GPUS = [
  "nvidia-a10g",
  "nvidia-a10",
  "nvidia-l4",
  "nvidia-l40s",
  "nvidia-a100-40gb",
  "nvidia-a100-80gb",
];

test.each([
  ["l4", "nvidia-l4"],
  ["a100", "nvidia-a100-40gb"],
  ["nvidia-a100", "nvidia-a100-40gb"],
  ["nvidia-L4", "nvidia-l4"],
  ["nvidia-l40", "nvidia-l4"],
  ["nvidia-a10g", "nvidia-a10g"],
  ["nvdia-a10", "nvidia-a10"],
])("takes %s for %s", (name, near) => {
  expect(nearestName(name, GPUS)).toBe(near);
});

test("takes a name for none that is far away", () => {
  expect(nearestName("radeon", GPUS)).toBeUndefined();
  expect(nearestName("g", GPUS)).toBeUndefined();
});
