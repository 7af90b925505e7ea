import { describe, expect, it } from "vitest";
import { assignName, isAutonamed } from "../../../../../local/engine/providers/kubernetes/autonaming.ts";
import { UNKNOWN } from "../../../../../local/engine/values/property-value.ts";
import type { PropertyMap } from "../../../../../local/engine/values/property-value.ts";

const seed = Buffer.from("seed");

describe("autonaming", () => {
  it("names an unnamed object after its resource, with eight hex digits, and marks it", () => {
    const named = assignName({ metadata: { labels: { a: "b" } } }, undefined, "web", seed);
    expect(named["metadata"]).toMatchObject({
      name: expect.stringMatching(/^web-[0-9a-f]{8}$/) as string,
      labels: { a: "b" },
      annotations: { "pulumi.com/autonamed": "true" },
    });
    expect(isAutonamed(named)).toBe(true);
  });

  it("gives the same name for the same seed and another for another", () => {
    const name = (from: string): unknown =>
      (assignName({}, undefined, "web", Buffer.from(from))["metadata"] as PropertyMap)["name"];
    expect(name("one")).toBe(name("one"));
    expect(name("one")).not.toBe(name("two"));
  });

  it("keeps the name that it gave before", () => {
    const olds = assignName({}, undefined, "web", seed);
    expect(assignName({}, olds, "web", Buffer.from("another"))).toEqual(olds);
  });

  it("does not keep a name that the program once chose itself", () => {
    const named = assignName({}, { metadata: { name: "chosen" } }, "web", seed);
    expect((named["metadata"] as PropertyMap)["name"]).not.toBe("chosen");
  });

  it.each<[string, PropertyMap]>([
    ["a given name", { metadata: { name: "mine" } }],
    ["a name that is not known yet", { metadata: { name: UNKNOWN } }],
    ["metadata that is not known yet", { metadata: UNKNOWN }],
    ["a generateName", { metadata: { generateName: "x-" } }],
  ])("leaves %s alone", (_what, inputs) => {
    expect(assignName(inputs, undefined, "web", seed)).toBe(inputs);
  });

  it("keeps even a long resource name within 253 characters", () => {
    const named = assignName({}, undefined, "w".repeat(300), seed);
    expect((named["metadata"] as PropertyMap)["name"]).toHaveLength(253);
  });
});
