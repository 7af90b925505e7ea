import { describe, expect, it } from "vitest";
import { assignName, isAutonamed } from "../../../../../local/engine/providers/kubernetes/autonaming.ts";
import type { Naming } from "../../../../../local/engine/providers/kubernetes/autonaming.ts";
import { UNKNOWN } from "../../../../../local/engine/values/property-value.ts";
import type { PropertyMap } from "../../../../../local/engine/values/property-value.ts";

const seed = Buffer.from("seed");

/** Names a ConfigMap `web` unless told otherwise. */
function assign(
  inputs: PropertyMap,
  olds: PropertyMap | undefined = undefined,
  naming: Partial<Naming> = {},
): PropertyMap {
  const named = assignName(inputs, olds, {
    kind: "ConfigMap",
    resourceName: "web",
    randomSeed: seed,
    ...naming,
  });
  if (named === undefined) throw new Error("no name was given");
  return named;
}

const nameOf = (inputs: PropertyMap): unknown => (inputs["metadata"] as PropertyMap)["name"];

describe("autonaming", () => {
  it("names an unnamed object after its resource, with eight hex digits, and marks it", () => {
    const named = assign({ metadata: { labels: { a: "b" } } });
    expect(named["metadata"]).toMatchObject({
      name: expect.stringMatching(/^web-[0-9a-f]{8}$/) as string,
      labels: { a: "b" },
      annotations: { "pulumi.com/autonamed": "true" },
    });
    expect(isAutonamed(named)).toBe(true);
  });

  it("gives the same name for the same seed and another for another", () => {
    const name = (from: string): unknown => nameOf(assign({}, undefined, { randomSeed: Buffer.from(from) }));
    expect(name("one")).toBe(name("one"));
    expect(name("one")).not.toBe(name("two"));
  });

  it("keeps the name that it gave before", () => {
    const olds = assign({});
    expect(assign({}, olds, { randomSeed: Buffer.from("another") })).toEqual(olds);
    expect(assign({}, olds, { autonaming: { mode: "enforce", proposedName: "other" } })).toEqual(olds);
    expect(assign({}, olds, { autonaming: { mode: "disable" } })).toEqual(olds);
  });

  it("does not keep a name that the program once chose itself", () => {
    expect(nameOf(assign({}, { metadata: { name: "chosen" } }))).not.toBe("chosen");
  });

  it.each<[string, PropertyMap]>([
    ["a given name", { metadata: { name: "mine" } }],
    ["a name that is not known yet", { metadata: { name: UNKNOWN } }],
    ["metadata that is not known yet", { metadata: UNKNOWN }],
    ["a generateName", { metadata: { generateName: "x-" } }],
  ])("leaves %s alone", (_what, inputs) => {
    expect(assign(inputs)).toBe(inputs);
  });

  it.each([
    ["ConfigMap", 253],
    ["Deployment", 253],
    ["Service", 63],
    ["Namespace", 63],
    ["Job", 63],
    ["CronJob", 52],
    ["StatefulSet", 52],
  ])("keeps the name of a %s with a long resource name within %i characters", (kind, length) => {
    const name = nameOf(assign({}, undefined, { kind, resourceName: "w".repeat(300) }));
    expect(name).toHaveLength(length);
    const dashed = `${"w".repeat(length - 11)}--${"w".repeat(99)}`;
    expect(nameOf(assign({}, undefined, { kind, resourceName: dashed }))).toMatch(/^w+-[0-9a-f]{8}$/);
  });

  describe("as the stack's config says", () => {
    const propose = (proposedName: string): Partial<Naming> => ({
      kind: "Service",
      autonaming: { mode: "propose", proposedName },
    });

    it("takes the proposed name, and shortens one that the kind does not take", () => {
      expect(nameOf(assign({}, undefined, propose("plain")))).toBe("plain");
      expect(nameOf(assign({}, undefined, propose("p".repeat(70))))).toMatch(/^p{54}-[0-9a-f]{8}$/);
    });

    it("takes an enforced name as it is", () => {
      const autonaming = { mode: "enforce", proposedName: "p".repeat(70) } as const;
      const named = assign({}, undefined, { kind: "Service", autonaming });
      expect(nameOf(named)).toBe("p".repeat(70));
      expect(isAutonamed(named)).toBe(true);
    });

    it("gives none where autonaming is disabled", () => {
      const naming = { kind: "Service", resourceName: "web", randomSeed: seed } as const;
      expect(assignName({}, undefined, { ...naming, autonaming: { mode: "disable" } })).toBeUndefined();
    });
  });
});
