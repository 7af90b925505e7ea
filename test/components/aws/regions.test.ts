import { Region } from "@pulumi/aws";
import { expect, test } from "vitest";
import { AWS_REGIONS } from "../../../components/aws/regions.ts";

test("the regions are those of the provider", () => {
  expect(AWS_REGIONS).toEqual([...new Set<string>(Object.values(Region))].sort());
});
