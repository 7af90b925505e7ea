import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { psi, psiNullLimit } from "../../../runtime/profile/psi.ts";

const toShares = (counts: readonly number[]): number[] => {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
};

describe("psi", () => {
  // Counts of Evidently's own tests for categorical columns; PSI of both rows worked out apart from this code.
  test.each([
    [[16, 18, 16, 14, 12, 12], [16, 16, 16, 16, 16, 8], 0.0372184],
    [[1, 1], [1, 3], 0.2746531],
  ])("of %j and %j is %d", (reference, current, expected) => {
    expect(psi(toShares(reference), toShares(current))).toBeCloseTo(expected, 7);
  });

  test("takes an empty bin for a share of 1e-4 on either side", () => {
    const expected = (0.5 - 1e-4) * Math.log(0.5 / 1e-4) + 0.5 * Math.log(2);
    expect(psi([0.5, 0.5], [0, 1])).toBeCloseTo(expected, 12);
    expect(psi([0, 1], [0.5, 0.5])).toBeCloseTo(expected, 12);
    expect(psi([0, 1], [0, 1])).toBe(0);
  });

  test("refuses other bins than the reference has", () => {
    expect(() => psi([0.5, 0.5], [1])).toThrow("same bins, got 2 and 1");
  });

  const shares = fc
    .array(fc.nat(100), { minLength: 5, maxLength: 5 })
    .filter((counts) => counts.some((c) => c > 0))
    .map(toShares);
  test("is never negative, symmetric, and zero for what is equal", () => {
    fc.assert(
      fc.property(shares, shares, (r, c) => {
        expect(psi(r, c)).toBeGreaterThanOrEqual(0);
        expect(psi(r, c)).toBeCloseTo(psi(c, r), 12);
        expect(psi(r, r)).toBe(0);
      }),
    );
  });
});

describe("psiNullLimit", () => {
  // The 0.99999 quantiles of χ² with 9, 36 and 105 degrees of freedom, times (1/n + 1/m).
  test.each([
    [10, 218_601, 500, 39.34],
    [37, 218_601, 500, 84.14],
    [106, 1000, 1000, 178.58],
  ])("for %d bins, %d and %d rows is within 2 %% of the exact one", (bins, reference, current, quantile) => {
    const exact = quantile * (1 / reference + 1 / current);
    expect(Math.abs(psiNullLimit(bins, reference, current) / exact - 1)).toBeLessThan(0.02);
  });
});
