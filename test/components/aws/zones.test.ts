import { expect, test } from "vitest";
import { awsZones } from "../../../components/aws/zones.ts";

test.each([
  ["eu-central-1", ["eu-central-1a", "eu-central-1b", "eu-central-1c"]],
  ["ap-northeast-1", ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"]],
])("%s has three zones", (region, zones) => {
  expect(awsZones(region)).toEqual(zones);
});

test("refuses a region with two zones, and names a nearby one", () => {
  expect(() => awsZones("us-west-1")).toThrow(
    "region must have three availability zones, got us-west-1; use us-west-2",
  );
});
