import { expect, it } from "vitest";
import { nearestName } from "../../cli/nearest-name.ts";

it.each([
  ["modle", "model"],
  ["stak", "stack"],
  ["Stack", "stack"],
  ["purge-all", undefined],
  ["", undefined],
  ["xy", undefined],
])("of %j is %j", (typed, nearest) => {
  expect(nearestName(typed, ["stack", "model", "up"])).toBe(nearest);
});
