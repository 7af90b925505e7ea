import { expect, test } from "vitest";
import { featureViewDigest, viewShape } from "../../../runtime/contract/feature-view.ts";
import type { FeatureView } from "../../../runtime/contract/feature-view.ts";

const view: FeatureView = {
  name: "plane",
  description: "what the registry of planes says",
  entity: ["tailnum"],
  tables: ["planes"],
  windowSeconds: null,
  ttlSeconds: 3600,
  features: [
    { name: "seats", kind: "numeric" },
    { name: "engine", kind: "categorical", categories: ["jet", "prop"] },
  ],
  history: "SELECT * FROM planes",
};
const [seats, engine] = view.features;

test("a view's digest is 16 hex digits and part of its shape", () => {
  expect(featureViewDigest(view)).toMatch(/^[0-9a-f]{16}$/);
  expect(viewShape(view).digest).toBe(featureViewDigest(view));
});

test.each<[string, Partial<FeatureView>]>([
  ["keys", { entity: ["plane"] }],
  ["SQL", { history: "SELECT * FROM planes WHERE seats > 0" }],
  ["TTL", { ttlSeconds: 60 }],
  ["TTL, taken away", { ttlSeconds: null }],
  ["order of features", { features: [engine!, seats!] }],
  ["number of features", { features: [seats!] }],
  ["order of categories", { features: [seats!, { ...engine!, categories: ["prop", "jet"] }] }],
  ["limits of a feature", { features: [{ ...seats!, min: 1 }, engine!] }],
  ["kind of a feature", { features: [{ ...seats!, kind: "categorical", categories: ["1"] }, engine!] }],
])("the digest changes with the view's %s", (_name, change) => {
  expect(featureViewDigest({ ...view, ...change })).not.toBe(featureViewDigest(view));
});

test.each<[string, Partial<FeatureView>]>([
  ["description", { description: "another" }],
  [
    "features' descriptions and drift",
    { features: [{ ...seats!, description: "seats", drift: false }, engine!] },
  ],
])("the digest does not change with the view's %s", (_name, change) => {
  expect(featureViewDigest({ ...view, ...change })).toBe(featureViewDigest(view));
});
