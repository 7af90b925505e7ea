import { describe, expect, test } from "vitest";
import type { VariableProfile } from "../../../runtime/contract/reference-profile.ts";
import { driftLimit } from "../../../runtime/profile/drift-limit.ts";
import { naturalVariation } from "../../../runtime/profile/natural-variation.ts";
import { categoricalProfile, numericProfile } from "../../../runtime/profile/reference-profile.ts";
import { windowPsi } from "../../../runtime/profile/window-psi.ts";
import { seeded } from "./seeded.ts";

const TRAINING_ROWS = 20_000;

function judge(profile: VariableProfile, values: number[]): { value: number; limit: number } {
  const { value, bins } = windowPsi(profile, values);
  const limit = driftLimit({
    threshold: 0.25,
    profile,
    referenceRows: TRAINING_ROWS,
    windowRows: values.length,
    bins,
  });
  return { value, limit };
}

describe("windows of independent rows that have not drifted", () => {
  /** Codes whose frequency falls as in Zipf's law: a hundred destinations, of which most are rare. */
  const zipf = (codes: number): ((u: number) => number) => {
    const weights = Array.from({ length: codes }, (_, i) => 1 / (i + 1));
    const total = weights.reduce((a, b) => a + b, 0);
    let sum = 0;
    const until = weights.map((weight) => (sum += weight / total));
    return (u) =>
      Math.min(
        codes - 1,
        until.findIndex((bound) => u < bound),
      );
  };
  const draws: [name: string, kind: "numeric" | "categorical", draw: (u: number) => number][] = [
    ["105 categories, most of them rare", "categorical", zipf(105)],
    ["1000 categories", "categorical", zipf(1000)],
    ["200 categories that are equally frequent", "categorical", (u) => Math.floor(u * 200)],
    ["a number", "numeric", (u) => Math.fround(-Math.log(1 - u))],
    ["a flag that is seldom set", "numeric", (u) => (u < 0.002 ? 1 : 0)],
  ];
  test.each([500, 1000, 5000])("of %d rows are called drifted in well under 1 %% of cases", (rows) => {
    const random = seeded(rows);
    const windows = 200;
    let drifted = 0;
    const profiles = draws.map(([name, kind, draw]) => {
      const column = Float64Array.from({ length: TRAINING_ROWS }, () => draw(random()));
      return kind === "numeric" ? numericProfile(name, column) : categoricalProfile(name, column, 1000);
    });
    for (let window = 0; window < windows; window++)
      if (
        draws.some(([, , draw], i) => {
          const { value, limit } = judge(
            profiles[i]!,
            Array.from({ length: rows }, () => draw(random())),
          );
          return value >= limit;
        })
      )
        drifted++;
    expect(drifted).toBe(0);
  });

  test("keep the configured threshold, and a shift of a category is found in 500 rows", () => {
    const random = seeded(3);
    const draw = zipf(105);
    const column = Float64Array.from({ length: TRAINING_ROWS }, () => draw(random()));
    const profile = categoricalProfile("dest", column, 105);
    const moved = Array.from({ length: 500 }, () => (random() < 0.35 ? 90 : draw(random())));
    const { value, limit } = judge(profile, moved);
    expect(limit).toBe(0.25);
    expect(value).toBeGreaterThan(0.5);
  });
});

describe("rows that follow each other and are alike", () => {
  // A value that all rows of an hour share and that moves by day and season, as the weather does.
  const random = seeded(11);
  const weather = (row: number): number => {
    const hour = Math.floor(row / 40);
    const season = 25 * Math.sin((2 * Math.PI * hour) / 1500);
    return Math.fround(50 + season + 8 * Math.sin((2 * Math.PI * hour) / 24) + noise[hour % noise.length]!);
  };
  const noise = Array.from({ length: 997 }, () => 10 * random() - 5);
  const rows = 60_000;
  const training = Float64Array.from({ length: rows }, (_, i) => weather(i));
  const bare = numericProfile("temp", training);
  const profile: VariableProfile = { ...bare, variation: naturalVariation(bare, training) };
  const later = (first: number): number[] =>
    Array.from({ length: 5000 }, (_, i) => weather(rows + first + i));

  test("differ from the whole of training in every window, and only the periods of training tell that this is normal", () => {
    const windows = Array.from({ length: 20 }, (_, i) => later(i * 5000));
    expect(windows.every((window) => windowPsi(bare, window).value > 0.25)).toBe(true);
    expect(windows.filter((window) => judge(profile, window).value >= judge(profile, window).limit)).toEqual(
      [],
    );
  });

  test("still drift where the unit changes or the value is lost", () => {
    const celsius = judge(
      profile,
      later(0).map((fahrenheit) => (fahrenheit - 32) / 1.8 - 30),
    );
    expect(celsius.value).toBeGreaterThan(celsius.limit);
    const stuck = judge(
      profile,
      later(0).map(() => -999),
    );
    expect(stuck.value).toBeGreaterThan(stuck.limit);
  });

  test("are judged by the longest period that is not longer than the window", () => {
    const variation = [
      { rows: 500, psi: 4 },
      { rows: 5000, psi: 1 },
    ];
    const limit = (windowRows: number): number =>
      driftLimit({
        threshold: 0.25,
        profile: { ...bare, variation },
        referenceRows: rows,
        windowRows,
        bins: 10,
      });
    expect(limit(500)).toBe(5);
    expect(limit(4999)).toBe(5);
    expect(limit(5000)).toBe(1.25);
  });

  test("give no variation where the training rows are too few for ten periods", () => {
    const few = Float64Array.from({ length: 4999 }, (_, i) => i);
    expect(naturalVariation(numericProfile("x", few), few)).toEqual([]);
    const enough = Float64Array.from({ length: 5000 }, (_, i) => i % 7);
    expect(naturalVariation(numericProfile("x", enough), enough).map((each) => each.rows)).toEqual([500]);
  });
});
