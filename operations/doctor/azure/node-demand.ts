import { z } from "zod";
import { plannedOf, type NodeDemand, type PlannedResource } from "../planned-resource.ts";

const pool = z.looseObject({
  vmSize: z.string(),
  minCount: z.number(),
  maxCount: z.number(),
  scaleSetPriority: z.string().optional(),
  availabilityZones: z.array(z.string()).optional(),
  enableEncryptionAtHost: z.boolean().default(false),
});

/** Nodes of a pool, and whether their disks are encrypted on the host. */
export interface AzureNodeDemand extends NodeDemand {
  encryptsAtHost: boolean;
}

/** Returns the nodes of an AKS cluster: its system pool and its other pools. */
export function azureNodeDemand(planned: readonly PlannedResource[]): AzureNodeDemand[] {
  const cluster = z.looseObject({ agentPoolProfiles: z.array(pool.extend({ name: z.string() })) });
  const system = plannedOf(planned, "azure-native:containerservice:ManagedCluster", cluster).flatMap(
    ({ inputs }) => inputs.agentPoolProfiles.map((profile) => ({ name: profile.name, inputs: profile })),
  );
  const others = plannedOf(planned, "azure-native:containerservice:AgentPool", pool);
  return [...system, ...others].map(({ name, inputs }) => ({
    pool: name,
    machine: inputs.vmSize,
    spot: inputs.scaleSetPriority === "Spot",
    min: inputs.minCount,
    max: inputs.maxCount,
    encryptsAtHost: inputs.enableEncryptionAtHost,
    ...(inputs.availabilityZones === undefined ? {} : { zones: inputs.availabilityZones }),
  }));
}
