import { z } from "zod";
import { autoName, MAX_NODE_GROUP_NAME } from "../../../components/aws/auto-name.ts";
import { plannedOf, type NodeDemand, type PlannedResource } from "../planned-resource.ts";

const scalingConfig = z.looseObject({ minSize: z.number(), maxSize: z.number() });
const nodeGroup = z.looseObject({
  instanceTypes: z.array(z.string()).min(1),
  capacityType: z.string(),
  scalingConfig,
});
const blockGroup = z.looseObject({ capacityType: z.literal("CAPACITY_BLOCK"), scalingConfig });
/** The launch template of a group in a capacity block, from which AWS takes the machine. */
const blockTemplate = z.looseObject({
  instanceType: z.string(),
  capacityReservationSpecification: z.looseObject({
    capacityReservationTarget: z.looseObject({ capacityReservationId: z.string() }),
  }),
});

/** Returns the nodes of EKS node groups, those in capacity blocks included. */
export function awsNodeDemand(planned: readonly PlannedResource[]): NodeDemand[] {
  const groups = plannedOf(planned, "aws:eks/nodeGroup:NodeGroup", nodeGroup).map(({ name, inputs }) => ({
    pool: name,
    machine: inputs.instanceTypes[0] ?? "",
    spot: inputs.capacityType === "SPOT",
    min: inputs.scalingConfig.minSize,
    max: inputs.scalingConfig.maxSize,
  }));
  return [...groups, ...blockDemand(planned)];
}

function blockDemand(planned: readonly PlannedResource[]): NodeDemand[] {
  const templates = plannedOf(planned, "aws:ec2/launchTemplate:LaunchTemplate", blockTemplate);
  return plannedOf(planned, "aws:eks/nodeGroup:NodeGroup", blockGroup).flatMap(({ name, inputs }) => {
    // The id of the template is unknown in a plan: group and template have the same name but for its end.
    const template = templates.find((each) => groupName(each.name) === name)?.inputs;
    if (template === undefined) return [];
    const { minSize: min, maxSize: max } = inputs.scalingConfig;
    const capacityBlock =
      template.capacityReservationSpecification.capacityReservationTarget.capacityReservationId;
    return [{ pool: name, machine: template.instanceType, spot: false, min, max, capacityBlock }];
  });
}

/** Returns the name that EksNodePool gives the node group beside a launch template. */
function groupName(template: string): string {
  return autoName(template.replace(/-template$/, "-group"), MAX_NODE_GROUP_NAME);
}

/** Zones of the planned subnets, by name, or by id in regions where a name stands for another zone in each account. */
export function awsZones(planned: readonly PlannedResource[]): string[] {
  const subnet = z.looseObject({
    availabilityZone: z.string().optional(),
    availabilityZoneId: z.string().optional(),
  });
  const zones = plannedOf(planned, "aws:ec2/subnet:Subnet", subnet).flatMap(
    ({ inputs }) => inputs.availabilityZone ?? inputs.availabilityZoneId ?? [],
  );
  return [...new Set(zones)].sort();
}
