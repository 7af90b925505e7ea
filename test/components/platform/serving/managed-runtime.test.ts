import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { checkScale, imageByDigest } from "../../../../components/platform/serving/managed-runtime.ts";

const named = `registry.example.com/slipway/runtime@sha256:${"1".repeat(64)}`;
const value = <T>(output: pulumi.Output<T>): Promise<T> =>
  (output as unknown as { promise(): Promise<T> }).promise();

test("an image must have a digest, whether its name is known now or later", async () => {
  expect(await value(imageByDigest("svc", named))).toBe(named);
  expect(await value(imageByDigest("svc", pulumi.output(named)))).toBe(named);
  expect(() => imageByDigest("svc", "runtime:v1")).toThrow(
    'svc: image must be named by digest (…@sha256:<64 hex digits>), got "runtime:v1"',
  );
});

test.each([
  [0, 1, 0],
  [1, 1, 1],
  [2, 9, 1],
] as const)("instances from %i to %i are fine where %i is the least", (minimum, maximum, floor) => {
  expect(() => checkScale("svc", minimum, maximum, floor)).not.toThrow();
});

test.each([
  [0, 1, 1, "minInstances must be a whole number of at least 1, got 0"],
  [0, 0, 0, "maxInstances must be a whole number of at least 1, got 0"],
  [1.5, 2, 1, "minInstances must be a whole number of at least 1, got 1.5"],
  [3, 2, 1, "maxInstances must be a whole number of at least 3, got 2"],
] as const)(
  "instances from %d to %d are refused if the least number is %i",
  (minimum, maximum, floor, message) => {
    expect(() => checkScale("svc", minimum, maximum, floor)).toThrow(`svc: ${message}`);
  },
);
