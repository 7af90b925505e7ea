import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { windowPsi } from "../../../runtime/profile/window-psi.ts";
import {
  categoricalProfile,
  numericProfile,
  referenceProfile,
} from "../../../runtime/profile/reference-profile.ts";

describe("the profile of a number", () => {
  it("has bins between deciles, each with a tenth of the rows, and one below and one above all values", () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => 1000 - i);
    const profile = numericProfile("x", values);
    expect(profile).toMatchObject({
      edges: [Math.fround(1 - 2 ** -24), 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000],
    });
    expect(profile.shares).toEqual([0, ...new Array<number>(10).fill(0.1), 0, 0]);
  });

  it("gives a bin of its own to a value that a tenth of the rows have, and counts missing values apart", () => {
    const profile = numericProfile("x", Float64Array.of(0, 0, 0, 0, 0, 0, 5, 9, NaN, NaN));
    expect(profile).toMatchObject({ edges: [-(2 ** -149), 0, 5, 9], shares: [0, 0.6, 0.1, 0.1, 0, 0.2] });
  });

  it("of nothing has one bin", () => {
    expect(numericProfile("x", Float64Array.of(NaN))).toMatchObject({ edges: [], shares: [0, 1] });
  });

  it("puts each value where edges[i-1] < v <= edges[i], and no value below the first or above the last edge", () => {
    const lists = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1 });
    fc.assert(
      fc.property(lists, (list) => {
        const profile = numericProfile("x", Float64Array.from(list));
        if (profile.kind !== "numeric") throw new Error("must be numeric");
        const { edges, shares } = profile;
        const counts = edges.map(
          (edge, i) => list.filter((v) => v <= edge && v > (edges[i - 1] ?? -Infinity)).length,
        );
        expect(shares).toEqual([...counts, 0, 0].map((count) => count / list.length));
        expect(shares[0]).toBe(0);
        expect(shares.slice(1, -2).every((share) => share > 0)).toBe(true);
      }),
    );
  });
});

describe("a value that is nearly constant in training", () => {
  const rows = 1000;
  const column = (value: (i: number) => number): Float64Array =>
    Float64Array.from({ length: rows }, (_, i) => value(i));
  const drift = (training: Float64Array, window: Float64Array): number =>
    windowPsi(
      numericProfile("x", training),
      [...window].map((v) => (Number.isNaN(v) ? null : v)),
    ).value;

  it.each([
    ["a flag that is mostly 1 and then 0", column((i) => (i < 50 ? 0 : 1)), column(() => 0)],
    ["a flag that is mostly 0 and then 1", column((i) => (i < 50 ? 1 : 0)), column(() => 1)],
    [
      "a delay of which most are at the cap",
      column((i) => (i < 80 ? i / 2 : 60)),
      column((i) => (i % 60) + 0.5),
    ],
    ["a constant whose unit changed", column(() => 3), column(() => 3000)],
    ["a temperature in Celsius", column((i) => 20 + (i % 80)), column((i) => ((i % 80) - 12) / 1.8 - 20)],
    ["a constant that is missing", column(() => 3), column(() => NaN)],
  ])("%s drifts", (_name, training, window) => {
    expect(drift(training, training)).toBeLessThan(1e-9);
    expect(drift(training, window)).toBeGreaterThan(1);
  });
});

describe("the profile of a category", () => {
  it("has a bin for each code, for codes outside and for missing values", () => {
    expect(categoricalProfile("c", Float64Array.of(0, 0, 2, 3, -1, 0.5, NaN, NaN), 3).shares).toEqual([
      0.25, 0, 0.125, 0.375, 0.25,
    ]);
  });
});

describe("a reference profile", () => {
  it("leaves out features that move by the calendar alone, and adds the score", () => {
    const feature = { view: "request", kind: "numeric" as const };
    const profile = referenceProfile(
      [
        { ...feature, name: "month", drift: false },
        { ...feature, name: "delay", drift: true },
        { name: "origin", view: "request", kind: "categorical", categories: ["EWR", "JFK"], drift: true },
      ],
      { values: Float32Array.of(1, 5, 0, 2, 6, 1), rows: 2, columns: 3 },
      [0.1, 0.9],
    );
    expect(profile.features.map(({ name }) => name)).toEqual(["delay", "origin"]);
    expect(profile.features[0]).toMatchObject({ shares: [0, 0.5, 0.5, 0, 0], variation: [] });
    expect(profile.features[1]?.shares).toEqual([0.5, 0.5, 0, 0]);
    expect(profile.score).toMatchObject({ name: "score", shares: [0, 0.5, 0.5, 0, 0] });
    expect(profile.rows).toBe(2);
  });
});
