import { z } from "zod";
import { plannedOf, type NodeDemand, type PlannedResource } from "../planned-resource.ts";

const nodePool = z.looseObject({
  autoscaling: z.looseObject({ totalMinNodeCount: z.number(), totalMaxNodeCount: z.number() }),
  nodeLocations: z.array(z.string()).optional(),
  nodeConfig: z.looseObject({
    machineType: z.string(),
    spot: z.boolean().default(false),
    diskSizeGb: z.number(),
    guestAccelerators: z.array(z.looseObject({ type: z.string(), count: z.number() })).default([]),
  }),
});

/** Nodes of a pool, with the GPUs of each. */
export interface GcpNodeDemand extends NodeDemand {
  gpus: { type: string; count: number }[];
  diskGib: number;
}

/** Returns the nodes of GKE node pools. */
export function gcpNodeDemand(planned: readonly PlannedResource[]): GcpNodeDemand[] {
  return plannedOf(planned, "gcp:container/nodePool:NodePool", nodePool).map(({ name, inputs }) => {
    const { autoscaling, nodeConfig, nodeLocations } = inputs;
    return {
      pool: name,
      machine: nodeConfig.machineType,
      spot: nodeConfig.spot,
      min: autoscaling.totalMinNodeCount,
      max: autoscaling.totalMaxNodeCount,
      gpus: nodeConfig.guestAccelerators,
      diskGib: nodeConfig.diskSizeGb,
      ...(nodeLocations === undefined ? {} : { zones: nodeLocations }),
    };
  });
}
