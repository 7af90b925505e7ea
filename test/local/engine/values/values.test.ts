import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Asset, Secret, UNKNOWN } from "../../../../local/engine/values/property-value.ts";
import type { PropertyMap, PropertyValue } from "../../../../local/engine/values/property-value.ts";
import { differences } from "../../../../local/engine/values/difference.ts";
import {
  containsUnknown,
  equalValues,
  forProvider,
  withSecretsOf,
} from "../../../../local/engine/values/values.ts";
import { fromStruct, toStruct, valueFromJson } from "../../../../local/engine/values/wire.ts";

const KEY = "4dabf18193072939515e22adb298388d";

const leaf = fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.string(), fc.constant(UNKNOWN));
const { value: values } = fc.letrec<{ value: PropertyValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), tie("value"), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
    tie("value").map((inner) => new Secret(inner)),
  ),
}));
const maps = fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), values, {
  maxKeys: 4,
  noNullPrototype: true,
});

describe("a map of properties", () => {
  it("crosses the wire unchanged", () => {
    fc.assert(
      fc.property(maps, (map) => {
        expect(fromStruct(toStruct(map))).toEqual(map);
      }),
    );
  });

  it("equals itself and has no differences, wrapped in a secret or not", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(equalValues(value, new Secret(value))).toBe(true);
        expect(differences({ value }, { value })).toEqual([]);
      }),
    );
  });

  it("has differences exactly where it is not equal", () => {
    fc.assert(
      fc.property(maps, maps, (a, b) => {
        expect(differences(a, b).length === 0).toBe(equalValues(a, b));
      }),
    );
  });

  it("shows a provider no secret", () => {
    const noSecret = (value: PropertyValue): boolean =>
      !(value instanceof Secret) &&
      (Array.isArray(value)
        ? value.every(noSecret)
        : typeof value !== "object" ||
          value === null ||
          Object.values(value).every((item) => noSecret(item as PropertyValue)));
    fc.assert(
      fc.property(maps, (map) => {
        expect(noSecret(forProvider(map))).toBe(true);
      }),
    );
  });

  it("gets its secrets back from what a provider returned, wherever they were", () => {
    fc.assert(
      fc.property(maps, (map) => {
        const back = withSecretsOf(forProvider(map), map);
        const sealedText = (value: PropertyValue): boolean => value instanceof Secret;
        for (const [key, value] of Object.entries(map))
          if (sealedText(value)) expect(back[key]).toBeInstanceOf(Secret);
        expect(equalValues(back, forProvider(map))).toBe(true);
      }),
    );
  });
});

describe("special values on the wire", () => {
  it.each<[string, Parameters<typeof valueFromJson>[0], PropertyValue]>([
    ["an unknown", "04da6b54-80e4-46f7-96ec-b56ff0331ba9", UNKNOWN],
    ["a secret", { [KEY]: "1b47061264138c4ac30d75fd1eb44270", value: [1] }, new Secret([1])],
    ["a known output", { [KEY]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", value: 1, dependencies: ["urn"] }, 1],
    ["an unknown output", { [KEY]: "d0e6a833031e9bbcd3f4e8bde6ca49a4" }, UNKNOWN],
    ["a secret output", { [KEY]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", value: 1, secret: true }, new Secret(1)],
    [
      "an asset",
      { [KEY]: "c44067f5952c0a294b673a41bacd8c17", text: "x" },
      new Asset({ [KEY]: "c44067f5952c0a294b673a41bacd8c17", text: "x" }),
    ],
  ])("read %s", (_name, json, expected) => {
    expect(valueFromJson(json)).toEqual(expected);
  });

  it("give a provider the id of a resource reference, unknown where there is none yet, or the urn of a component", () => {
    const reference = { [KEY]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn:x" };
    const map: PropertyMap = {
      custom: { ...reference, id: "7" },
      planned: { ...reference, id: "" },
      component: reference,
    };
    expect(forProvider(map)).toEqual({ custom: "7", planned: UNKNOWN, component: "urn:x" });
  });

  it("of an unknown signature are refused", () => {
    expect(() => valueFromJson({ [KEY]: "what" })).toThrow(/unrecognized signature/);
  });
});

describe("secrets of what a provider returns", () => {
  it("cover the whole value where it no longer has the shape of the input", () => {
    const given = { data: { token: new Secret("t") }, list: [new Secret(1), 2] };
    expect(withSecretsOf({ data: { other: "t" }, list: [1] }, given)).toEqual({
      data: new Secret({ other: "t" }),
      list: new Secret([1]),
    });
  });

  it("stay out of what was not secret", () => {
    expect(withSecretsOf({ a: { x: 1, y: 2 } }, { a: { x: new Secret(1), y: 2 } })).toEqual({
      a: { x: new Secret(1), y: 2 },
    });
    expect(containsUnknown({ a: [new Secret(UNKNOWN)] })).toBe(true);
  });
});
