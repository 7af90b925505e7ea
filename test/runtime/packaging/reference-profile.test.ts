import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  categoricalProfile,
  numericProfile,
  referenceProfile,
} from "../../../runtime/packaging/reference-profile.ts";

describe("the profile of a number", () => {
  it("has bins between deciles, each with a tenth of the rows", () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => 1000 - i);
    const profile = numericProfile("x", values);
    expect(profile).toMatchObject({ edges: [100, 200, 300, 400, 500, 600, 700, 800, 900] });
    expect(profile.shares).toEqual([...new Array<number>(10).fill(0.1), 0]);
  });

  it("drops deciles that are equal, and counts missing values apart", () => {
    const profile = numericProfile("x", Float64Array.of(0, 0, 0, 0, 0, 0, 0, 1, NaN, NaN));
    expect(profile).toMatchObject({ edges: [0], shares: [0.7, 0.1, 0.2] });
  });

  it("of a constant, or of nothing, has one bin", () => {
    expect(numericProfile("x", Float64Array.of(3, 3))).toMatchObject({ edges: [], shares: [1, 0] });
    expect(numericProfile("x", Float64Array.of(NaN))).toMatchObject({ edges: [], shares: [0, 1] });
  });

  it("puts each value where edges[i-1] < v <= edges[i], and no bin but the missing one is empty", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1 }), (list) => {
        const profile = numericProfile("x", Float64Array.from(list));
        if (profile.kind !== "numeric") throw new Error("must be numeric");
        const { edges } = profile;
        const counts = edges.map(
          (edge, i) => list.filter((v) => v <= edge && (i === 0 || v > edges[i - 1]!)).length,
        );
        counts.push(list.filter((v) => edges.length === 0 || v > edges.at(-1)!).length, 0);
        expect(profile.shares).toEqual(counts.map((count) => count / list.length));
        expect(profile.shares.slice(0, -1).every((share) => share > 0)).toBe(true);
      }),
    );
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
    expect(profile.features[0]).toMatchObject({ edges: [5], shares: [0.5, 0.5, 0] });
    expect(profile.features[1]?.shares).toEqual([0.5, 0.5, 0, 0]);
    expect(profile.score).toMatchObject({ name: "score", edges: [0.1], shares: [0.5, 0.5, 0] });
    expect(profile.rows).toBe(2);
  });
});
