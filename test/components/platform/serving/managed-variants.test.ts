import fc from "fast-check";
import { expect, test } from "vitest";
import { checkTraffic } from "../../../../components/platform/serving/managed-variants.ts";

const check = (weights: readonly number[]): void =>
  checkTraffic(
    weights.map((weight, i) => ({ name: `v${i}`, weight })),
    { field: "svc: traffic" },
  );

test("takes any shares that total 100", () => {
  const shares = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 8 }).map((cuts) => {
    const sorted = [0, ...cuts.sort((a, b) => a - b), 100];
    return sorted.slice(1).map((cut, i) => cut - sorted[i]!);
  });
  fc.assert(fc.property(shares, (weights) => void expect(() => check(weights)).not.toThrow()));
});

test("refuses any other total", () => {
  const weights = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 8 });
  const other = weights.filter((each) => each.reduce((a, b) => a + b, 0) !== 100);
  fc.assert(fc.property(other, (each) => void expect(() => check(each)).toThrow("total 100")));
});

test.each([[-1], [50.5], [NaN], [101]])("refuses a weight of %d", (weight) => {
  expect(() => check([weight])).toThrow(`weight of v0 must be a whole percent from 0 to 100, got ${weight}`);
});
