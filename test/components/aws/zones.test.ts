import { expect, test } from "vitest";
import { awsZones, isZoneOf } from "../../../components/aws/zones.ts";

test.each([
  ["eu-central-1", ["eu-central-1a", "eu-central-1b", "eu-central-1c"]],
  ["ap-northeast-1", ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"]],
  ["us-east-1", ["use1-az1", "use1-az2", "use1-az4"]],
  ["ca-central-1", ["cac1-az1", "cac1-az2", "cac1-az4"]],
])("%s has three zones that EKS accepts", (region, zones) => {
  expect(awsZones(region)).toEqual(zones);
});

test("refuses a region with two zones, and names a nearby one", () => {
  expect(() => awsZones("us-west-1")).toThrow(
    "region must have three availability zones, got us-west-1; use us-west-2",
  );
});

test.each([
  ["eu-central-1a", "eu-central-1", true],
  ["euc1-az1", "eu-central-1", true],
  ["apne1-az4", "ap-northeast-1", true],
  ["usgw1-az1", "us-gov-west-1", true],
  ["use1-az1", "us-west-1", false],
  ["eu-west-1a", "eu-central-1", false],
])("whether %s is a zone of %s: %s", (zone, region, is) => {
  expect(isZoneOf(zone, region)).toBe(is);
});
