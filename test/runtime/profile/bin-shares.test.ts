import fc from "fast-check";
import { expect, test } from "vitest";
import type { VariableProfile } from "../../../runtime/contract/reference-profile.ts";
import { binShares } from "../../../runtime/profile/bin-shares.ts";

const numeric: VariableProfile = { name: "x", kind: "numeric", edges: [0, 10], shares: [0.5, 0.25, 0.25, 0] };
const categorical: VariableProfile = { name: "c", kind: "categorical", codes: 2, shares: [0.5, 0.5, 0, 0] };

test("an edge belongs to the bin below it, and what is missing to the last bin", () => {
  expect(binShares(numeric, [-1, 0, 1e-9, 10, 11, null, Infinity, -Infinity])).toEqual([
    3 / 8,
    2 / 8,
    2 / 8,
    1 / 8,
  ]);
});

test("a code that was never seen has a bin of its own", () => {
  expect(binShares(categorical, [0, 1, 1, 2, -1, 0.5, null, 0])).toEqual([2 / 8, 2 / 8, 3 / 8, 1 / 8]);
});

test("a variable without edges has one bin beside that of missing values", () => {
  expect(binShares({ name: "x", kind: "numeric", edges: [], shares: [1, 0] }, [1, null])).toEqual([0.5, 0.5]);
});

test("shares sum to one, and agree with counting bin by bin", () => {
  fc.assert(
    fc.property(
      fc
        .uniqueArray(fc.integer({ min: -20, max: 20 }), { maxLength: 8 })
        .map((edges) => edges.sort((a, b) => a - b)),
      fc.array(fc.option(fc.integer({ min: -25, max: 25 }), { nil: null }), { minLength: 1, maxLength: 50 }),
      (edges, values) => {
        const shares = Array<number>(edges.length + 2).fill(0);
        const got = binShares({ name: "x", kind: "numeric", edges, shares }, values);
        expect(got.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
        got.slice(0, -1).forEach((share, i) => {
          const inside = values.filter(
            (v) => v !== null && v > (edges[i - 1] ?? -Infinity) && v <= (edges[i] ?? Infinity),
          );
          expect(share).toBeCloseTo(inside.length / values.length, 12);
        });
      },
    ),
  );
});

test.each([
  ["with other bins than shares", { ...numeric, shares: [1, 0] }, [1], /shares must have 4 bins, got 2/],
  ["without values", numeric, [], /no values/],
])("refuses a profile %s", (_name, profile, values, message) => {
  expect(() => binShares(profile, values)).toThrow(message);
});
