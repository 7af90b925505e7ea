import { describe, expect, it } from "vitest";
import { checkParity } from "../../../runtime/training/parity.ts";

describe("parity", () => {
  it("returns the greatest distance", () => {
    expect(checkParity([0.5, 0.25], [0.5, 0.250009])).toBeCloseTo(9e-6, 12);
  });

  it.each([
    ["one row is too far off", [0.5, 0.5], [0.5, 0.50002], "at row 1 and 1 rows above of 2"],
    ["a score is no number", [0.5], [NaN], "got Infinity at row 0"],
    ["a score is missing", [0.5, 0.5], [0.5], "got Infinity at row 1"],
  ])("fails where %s", (_, trainer, onnx, message) => {
    expect(() => checkParity(trainer, onnx)).toThrow(message);
  });
});
