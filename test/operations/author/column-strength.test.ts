import { expect, it } from "vitest";
import { columnStrength } from "../../../operations/author/column-strength.ts";

/** Numbers in [0, 1) that look random and are the same in every run. */
const noise = (rows: number, seed = 1): number[] =>
  Array.from({ length: rows }, (_, i) => ((Math.imul(i + seed * 7919, 2654435761) >>> 0) % 10007) / 10007);
const labels = noise(2000).map((each) => (each > 0.7 ? 1 : 0));

it("finds a column that is the label under a mapping, a threshold, or by its missing values", () => {
  const leaks = [
    labels.map((label) => (label === 1 ? "paid" : "open")),
    noise(2000).map((each) => each * 1e6),
    labels.map((label, i) => (label === 1 ? i : null)),
  ];
  for (const values of leaks) {
    const found = columnStrength("binary", values, labels);
    expect(found).toMatchObject({ measure: "AUC", leaks: true });
    expect(found?.value).toBeGreaterThan(0.995);
  }
});

it("takes no id and no noise for a leak", () => {
  for (const values of [labels.map((_, i) => `L${i}`), noise(2000, 5), labels.map((_, i) => i)])
    expect(columnStrength("binary", values, labels)).toMatchObject({ leaks: false });
});

it("finds the price in another currency, and classes by another name", () => {
  const price = noise(2000).map((each) => Math.exp(each * 8));
  expect(
    columnStrength(
      "regression",
      price.map((each) => each * 1.09),
      price,
    ),
  ).toMatchObject({ measure: "R²", leaks: true });
  expect(columnStrength("regression", noise(2000, 9), price)).toMatchObject({ leaks: false });
  const classes = noise(2000).map((each) => Math.floor(each * 3));
  expect(
    columnStrength(
      "multiclass",
      classes.map((each) => "abc"[each]!),
      classes,
    ),
  ).toMatchObject({
    measure: "accuracy",
    value: 1,
    leaks: true,
  });
});

it("says nothing of few rows", () => {
  expect(columnStrength("binary", ["a", "b"], [0, 1])).toBeUndefined();
});
