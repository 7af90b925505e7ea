import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { psi, psiNullLimit } from "../../../runtime/drift/psi.ts";

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
  test.each([
    [10, 100, 0.338],
    [10, 500, 0.068],
    [10, 1000, 0.034],
  ])("for %d bins and %d rows on both sides is %d", (bins, rows, expected) => {
    expect(psiNullLimit(bins, rows, rows)).toBeCloseTo(expected, 3);
  });

  test("is exceeded by about one in twenty windows that have not drifted", () => {
    const random = seeded(7);
    const draw = (rows: number): number[] => {
      const counts = Array<number>(10).fill(0);
      for (let i = 0; i < rows; i++) {
        const bin = Math.floor(random() * 10);
        counts[bin] = (counts[bin] ?? 0) + 1;
      }
      return toShares(counts);
    };
    const limit = psiNullLimit(10, 2000, 1000);
    const windows = 1000;
    const over = Array.from({ length: windows }, () => psi(draw(2000), draw(1000))).filter(
      (value) => value > limit,
    ).length;
    expect(over / windows).toBeGreaterThan(0.03);
    expect(over / windows).toBeLessThan(0.07);
  });
});

/** mulberry32 */
function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
