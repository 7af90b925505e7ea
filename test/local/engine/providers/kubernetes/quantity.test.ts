import { describe, expect, it } from "vitest";
import { parseQuantity, sameQuantity } from "../../../../../local/engine/providers/kubernetes/quantity.ts";

describe("quantities", () => {
  it.each([
    ["250m", 0.25],
    ["1", 1],
    [2, 2],
    ["1Gi", 1073741824],
    ["1.5Gi", 1610612736],
    ["1G", 1e9],
    ["1e3", 1000],
    [".5", 0.5],
    ["128Mi", 134217728],
    ["banana", undefined],
    ["1 Gi", undefined],
    ["", undefined],
    [true, undefined],
  ])("reads %j as %j", (text, value) => {
    expect(parseQuantity(text)).toBe(value);
  });

  it("knows two spellings for the same where a quantity stands", () => {
    expect(sameQuantity(["resources", "limits", "cpu"], "1000m", 1)).toBe(true);
    expect(sameQuantity(["emptyDir", "sizeLimit"], "1Gi", "1024Mi")).toBe(true);
    expect(sameQuantity(["resources", "limits", "cpu"], "1000m", "1001m")).toBe(false);
  });

  it("does not take other text for a quantity", () => {
    expect(sameQuantity(["env", 0, "value"], "1000m", "1")).toBe(false);
  });
});
