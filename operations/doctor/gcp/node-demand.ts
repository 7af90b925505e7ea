import { z } from "zod";
import { plannedOf, type NodeDemand, type PlannedResource } from "../planned-resource.ts";

const nodePool = z.looseObject({
  autoscaling: z.looseObject({ totalMinNodeCount: z.number(), totalMaxNodeCount: z.number() }),
  nodeLocations: z.array(z.string()).optional(),
  /** Nodes in each zone when GKE creates the pool. */
  initialNodeCount: z.number().default(0),
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

/** Zones that Google chooses for a regional cluster which names none. */
const DEFAULT_ZONES = 3;

/** Returns the nodes of GKE node pools. */
export function gcpNodeDemand(planned: readonly PlannedResource[]): GcpNodeDemand[] {
  const cluster = z.looseObject({ nodeLocations: z.array(z.string()) });
  const [zonal] = plannedOf(planned, "gcp:container/cluster:Cluster", cluster);
  const clusterZones = zonal?.inputs.nodeLocations.length ?? DEFAULT_ZONES;
  return plannedOf(planned, "gcp:container/nodePool:NodePool", nodePool).map(({ name, inputs }) => {
    const { autoscaling, nodeConfig, nodeLocations, initialNodeCount } = inputs;
    const initial = initialNodeCount * (nodeLocations?.length ?? clusterZones);
    return {
      pool: name,
      machine: nodeConfig.machineType,
      spot: nodeConfig.spot,
      // A pool starts with as many nodes in every zone, also where that is more than its minimum.
      min: Math.max(autoscaling.totalMinNodeCount, initial),
      max: autoscaling.totalMaxNodeCount,
      gpus: nodeConfig.guestAccelerators,
      diskGib: nodeConfig.diskSizeGb,
      ...(nodeLocations === undefined ? {} : { zones: nodeLocations }),
    };
  });
}
