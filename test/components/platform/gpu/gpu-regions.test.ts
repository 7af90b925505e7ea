import fc from "fast-check";
import { expect, test } from "vitest";
import { gpuMachine, gpuMachineFault, gpuTypesOf } from "../../../../components/platform/gpu/gpu-machines.ts";
import { gpuRegionFault } from "../../../../components/platform/gpu/gpu-regions.ts";

test.each([
  ["aws", "p4de.24xlarge", "eu-west-1"],
  ["aws", "p3.2xlarge", "eu-north-1"],
  ["azure", "Standard_ND96asr_v4", "centralus"],
] as const)("on %s, refuses %s in %s, where it is known to be absent", (cloud, machine, region) => {
  expect(gpuRegionFault(cloud, machine, region)).toMatch(
    new RegExp(`^must be a region with ${machine}: [a-z0-9, -]+ `),
  );
});

test.each([
  ["in a region that has it", "aws", "p4d.24xlarge", "eu-central-1"],
  ["in a region that has it", "azure", "Standard_NC4as_T4_v3", "eastus"],
  ["in a region that the source does not cover", "aws", "p3.2xlarge", "eu-south-2"],
  ["in a region that the source does not cover", "azure", "Standard_ND96asr_v4", "germanywestcentral"],
  ["of a family that still spreads to new regions", "aws", "p5.48xlarge", "eu-central-1"],
] as const)("allows a machine %s: %s, %s, %s", (_, cloud, machine, region) => {
  expect(gpuRegionFault(cloud, machine, region)).toBeUndefined();
});

test("the fault lists the regions that have the machine", () => {
  expect(gpuRegionFault("aws", "p4de.24xlarge", "eu-west-1")).toBe(
    "must be a region with p4de.24xlarge: ap-southeast-1, eu-central-1, us-east-1, us-west-2 (as of 2025)",
  );
});

test("no region in that list is refused", () => {
  const clouds = ["aws", "azure"] as const;
  const machines = clouds.flatMap((cloud) =>
    gpuTypesOf(cloud).flatMap((type) =>
      [1, 2, 4, 8]
        .filter((count) => gpuMachineFault(cloud, type, count) === undefined)
        .map((count) => ({ cloud, machine: gpuMachine(cloud, type, count).machine })),
    ),
  );
  const regions = ["us-east-2", "eu-west-3", "ap-east-1", "westus", "eastus2"];
  fc.assert(
    fc.property(fc.constantFrom(...machines), fc.constantFrom(...regions), ({ cloud, machine }, region) => {
      const instead =
        /: (.*) \(as of/.exec(gpuRegionFault(cloud, machine, region) ?? "")?.[1]?.split(", ") ?? [];
      for (const other of instead) expect(gpuRegionFault(cloud, machine, other)).toBeUndefined();
      expect(instead).not.toContain(region);
    }),
  );
});
