import { describe, expect, it } from "vitest";
import type { Feature } from "../../../runtime/contract/feature.ts";
import { championMatrix } from "../../../runtime/evaluation/champion-matrix.ts";
import { featureRows } from "./scored-rows.ts";

const numeric = (name: string, rest: Partial<Feature> = {}): Feature => ({
  name,
  view: "request",
  kind: "numeric",
  drift: true,
  ...rest,
});
const kind = (categories: string[]): Feature => ({ ...numeric("kind"), kind: "categorical", categories });
const NAN = NaN;

const rows = featureRows({
  labels: [0, 1],
  features: [numeric("age", { max: 100 }), kind(["car", "van", "bus"]), numeric("wind", { view: "weather" })],
  values: [90, 2, 1, 20, 0, NAN],
  views: [
    { name: "weather", entity: ["origin"], ttlSeconds: null, features: ["wind"], digest: "a".repeat(16) },
  ],
});
const weather = (digest: string): typeof rows.manifest.views => [{ ...rows.manifest.views[0]!, digest }];

describe("the champion's input for rows of a new feature table", () => {
  it("has its columns by name, in its order, with its own category codes and limits", () => {
    const card = {
      views: weather("a".repeat(16)),
      features: [numeric("wind", { view: "weather" }), kind(["bus", "car"]), numeric("age", { max: 80 })],
    };
    expect(championMatrix(card, rows)).toEqual({
      rows: 2,
      columns: 3,
      values: Float32Array.from([1, 0, NAN, NAN, 1, 20]),
    });
  });

  it.each<[string, Parameters<typeof championMatrix>[0], string]>([
    [
      "a feature that is gone",
      { features: [numeric("height")], views: [] },
      "its feature height is not in the feature table of this model",
    ],
    [
      "a feature from elsewhere",
      { features: [numeric("age", { view: "people" })], views: [] },
      "its feature age comes from people, that of this model from request",
    ],
    [
      "a view that computes other values",
      { features: [numeric("wind", { view: "weather" })], views: weather("b".repeat(16)) },
      "the view weather of its feature wind computes other values now",
    ],
    [
      "a category that is gone",
      { features: [kind(["car", "tram"])], views: [] },
      "its feature kind has the category tram, which is missing in the feature table of this model",
    ],
    [
      "a number that was a category",
      { features: [{ ...kind(["1"]), name: "age" }], views: [] },
      "its feature age is categorical, that of this model numeric",
    ],
    [
      "wider limits",
      { features: [numeric("age", { max: 120 })], views: [] },
      "its feature age has wider limits than the feature table of this model",
    ],
    [
      "another task",
      { features: [numeric("age")], views: [], task: { kind: "regression" } },
      'its task is {"kind":"regression","of":"mean"}, that of this model {"kind":"binary"}',
    ],
  ])("cannot be made with %s", (_, card, notComparable) => {
    expect(championMatrix(card, rows)).toEqual({ notComparable });
  });
});
