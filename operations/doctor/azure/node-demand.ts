import { z } from "zod";
import { GPU_TYPE_LABEL, POOL_LABEL } from "../../../components/platform/kubernetes/gpu-types.ts";
import { plannedOf, type NodeDemand, type PlannedResource } from "../planned-resource.ts";

const pool = z.looseObject({
  vmSize: z.string(),
  /** The only size of a pool beside node auto-provisioning, which allows no pools that grow. */
  count: z.number().default(0),
  minCount: z.number().optional(),
  maxCount: z.number().optional(),
  scaleSetPriority: z.string().optional(),
  availabilityZones: z.array(z.string()).optional(),
  enableEncryptionAtHost: z.boolean().default(false),
  nodeLabels: z.record(z.string(), z.unknown()).default({}),
});

/** Nodes of a pool, and whether their disks are encrypted on the host. */
export interface AzureNodeDemand extends NodeDemand {
  encryptsAtHost: boolean;
  /** Name of the pool in `cluster.gpuPools`. @default - a pool without GPUs */
  gpuPool?: string;
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
    min: inputs.minCount ?? inputs.count,
    max: inputs.maxCount ?? inputs.count,
    encryptsAtHost: inputs.enableEncryptionAtHost,
    ...(GPU_TYPE_LABEL in inputs.nodeLabels ? { gpuPool: String(inputs.nodeLabels[POOL_LABEL]) } : {}),
    ...(inputs.availabilityZones === undefined ? {} : { zones: inputs.availabilityZones }),
  }));
}
