import { gpuMachinesOf, type Cloud } from "../../components/platform/gpu/gpu-machines.ts";
import type { GpuType } from "../../components/platform/kubernetes/gpu-types.ts";
import type { ManagedClusterConfig } from "../../stacks/config/schema/cluster.ts";

/** The most that nodes may take which a cluster creates for pending pods by itself. None of them is there at first. */
export interface ProvisionedDemand {
  vcpus: number;
  spot: boolean;
  /** The smallest machine with the GPU. @default - any general machine, which the cloud chooses */
  machine?: string;
  /** @default - none */
  gpus?: { /** As the cloud calls it. */ type: string; count: number };
}

/**
 * Returns what the limits of `cluster.nodeAutoProvisioning` allow. With `spot` the cloud may take all of them as spot nodes or, where it has
 * none, on demand: both quotas must have room.
 */
export function provisionedDemand(
  cloud: Cloud,
  limits: ManagedClusterConfig["nodeAutoProvisioning"],
): ProvisionedDemand[] {
  if (limits === undefined) return [];
  const { maxVcpus, maxGpus = {}, spot = false } = limits;
  const ofGpus = (Object.entries(maxGpus) as [GpuType, number][]).flatMap(([type, count]) => {
    const [smallest] = gpuMachinesOf(cloud, type);
    if (smallest === undefined) return [];
    const { machine, gpus, vcpus, accelerator = type } = smallest;
    return [{ machine, vcpus: Math.ceil(count / gpus) * vcpus, gpus: { type: accelerator, count } }];
  });
  return [{ vcpus: maxVcpus }, ...ofGpus].flatMap((demand) =>
    (spot ? [true, false] : [false]).map((isSpot) => ({ ...demand, spot: isSpot })),
  );
}
