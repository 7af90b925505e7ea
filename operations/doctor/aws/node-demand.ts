import { z } from "zod";
import { plannedOf, type NodeDemand, type PlannedResource } from "../planned-resource.ts";

const nodeGroup = z.looseObject({
  instanceTypes: z.array(z.string()).min(1),
  capacityType: z.string(),
  scalingConfig: z.looseObject({ minSize: z.number(), maxSize: z.number() }),
});

/** Returns the nodes of EKS node groups. */
export function awsNodeDemand(planned: readonly PlannedResource[]): NodeDemand[] {
  return plannedOf(planned, "aws:eks/nodeGroup:NodeGroup", nodeGroup).map(({ name, inputs }) => ({
    pool: name,
    machine: inputs.instanceTypes[0] ?? "",
    spot: inputs.capacityType === "SPOT",
    min: inputs.scalingConfig.minSize,
    max: inputs.scalingConfig.maxSize,
  }));
}

/** Zones of the planned subnets in which nodes are. */
export function awsZones(planned: readonly PlannedResource[]): string[] {
  const subnet = z.looseObject({ availabilityZone: z.string() });
  const zones = plannedOf(planned, "aws:ec2/subnet:Subnet", subnet).map(
    ({ inputs }) => inputs.availabilityZone,
  );
  return [...new Set(zones)].sort();
}
