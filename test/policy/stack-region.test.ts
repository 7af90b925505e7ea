import { expect, test } from "vitest";
import { ROOT } from "../../operations/root.ts";
import { stackRegion } from "../../policy/stack-region.ts";

test("a foundation has the region of its cluster", () => {
  expect(stackRegion({ kind: "gke", region: "europe-west4" }, ROOT)).toBe("europe-west4");
});

test("a platform has the region of its foundation", () => {
  expect(stackRegion({ kind: "foundation", stack: "prod-foundation" }, ROOT)).toBe("eu-central-1");
});

test("a platform on a cluster that exists has none", () => {
  expect(stackRegion({ kind: "existing" }, ROOT)).toBeUndefined();
  expect(stackRegion(undefined, ROOT)).toBeUndefined();
});

test("a foundation without a file is an error, and not a stack without a region", () => {
  expect(() => stackRegion({ kind: "foundation", stack: "absent" }, ROOT)).toThrow("Pulumi.absent.yaml");
});
