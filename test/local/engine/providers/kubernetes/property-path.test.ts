import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  covers,
  formatPath,
  parsePath,
} from "../../../../../local/engine/providers/kubernetes/property-path.ts";

describe("property paths", () => {
  it.each([
    ["spec.replicas", ["spec", "replicas"]],
    ["spec.containers[0].image", ["spec", "containers", 0, "image"]],
    ["spec.containers[*].image", ["spec", "containers", "*", "image"]],
    ['metadata.annotations["a.b/c"]', ["metadata", "annotations", "a.b/c"]],
    ['metadata.annotations.["a.b/c"]', ["metadata", "annotations", "a.b/c"]],
    ['["x\\"y"].z', ['x"y', "z"]],
  ])("reads %s", (text, path) => {
    expect(parsePath(text)).toEqual(path);
  });

  it("writes what it reads back", () => {
    const step = fc.oneof(
      fc.nat(),
      fc.string({ minLength: 1 }).filter((text) => text !== "*"),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), (path) => {
        expect(parsePath(formatPath(path))).toEqual(path);
      }),
    );
  });

  it("refuses a path that is not well formed", () => {
    expect(() => parsePath("spec[")).toThrow(/cannot read the property path/);
  });

  it("covers itself and what lies below, not its siblings", () => {
    expect(covers(parsePath("spec.containers[*].image"), parsePath("spec.containers[3].image"))).toBe(true);
    expect(covers(parsePath("spec"), parsePath("spec.replicas"))).toBe(true);
    expect(covers(parsePath("spec.replicas"), parsePath("spec"))).toBe(false);
    expect(covers(parsePath("spec.re"), parsePath("spec.replicas"))).toBe(false);
  });
});
