import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatPath,
  parsePath,
  pathsTouch,
  withoutChangesAt,
} from "../../../../local/engine/values/property-path.ts";

describe("a property path", () => {
  /** Forms and meanings from Pulumi's documentation of property paths. */
  it.each<[string, (string | number)[]]>([
    ["root", ["root"]],
    ["root.nested", ["root", "nested"]],
    ['root["nested"]', ["root", "nested"]],
    ["root.double.nest", ["root", "double", "nest"]],
    ['root["double"].nest', ["root", "double", "nest"]],
    ["root.array[0]", ["root", "array", 0]],
    ["root.array[100]", ["root", "array", 100]],
    ["root.array[0].nested", ["root", "array", 0, "nested"]],
    ['root["key with \\"escaped\\" quotes"]', ["root", 'key with "escaped" quotes']],
    ['root["key with a ."]', ["root", "key with a ."]],
    ['["root key with a ."][100]', ["root key with a .", 100]],
    ["root.array[*].field", ["root", "array", "*", "field"]],
    ["*", ["*"]],
  ])("%s is read", (text, elements) => {
    expect(parsePath(text)).toEqual(elements);
  });

  it("reads what it writes", () => {
    const elements = fc.array(fc.oneof(fc.string({ minLength: 1 }), fc.nat()), { minLength: 1 });
    fc.assert(
      fc.property(elements, (path) => {
        expect(parsePath(formatPath(path))).toEqual(path);
      }),
    );
  });

  it.each<[string, string, boolean]>([
    ["spec", "spec.replicas", true],
    ["spec.replicas", "spec", true],
    ["spec.replicas", "spec.template", false],
    ["*", "anything", true],
    ["list[*].name", "list[3].name", true],
    ["list[0]", "list[1]", false],
  ])("%s and %s touch: %s", (pattern, path, expected) => {
    expect(pathsTouch(parsePath(pattern), parsePath(path))).toBe(expected);
  });
});

describe("ignoring changes", () => {
  const olds = { spec: { replicas: 1, image: "a", list: [{ n: 1 }, { n: 2 }] }, label: "x" };
  it.each<[string[], object, object]>([
    [["spec.replicas"], { spec: { replicas: 5, image: "b" } }, { spec: { replicas: 1, image: "b" } }],
    [["spec"], { spec: 1 }, { spec: olds.spec }],
    [["label"], { spec: {} }, { spec: {}, label: "x" }],
    [["other"], { other: 1, spec: {} }, { spec: {} }],
    [
      ["spec.list[*].n"],
      { spec: { list: [{ n: 7 }, { n: 8 }, { n: 9 }] } },
      { spec: { list: [{ n: 1 }, { n: 2 }, { n: 9 }] } },
    ],
    [["*"], { label: "y", more: 1 }, olds],
  ])("at %j", (paths, news, expected) => {
    expect(withoutChangesAt(news as never, olds, paths)).toEqual(expected);
  });
});
