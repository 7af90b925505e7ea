import type * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { atLeast, within } from "../../platform/kubernetes/at-least.ts";
import { gpuPartition, MAX_SHARED_CLIENTS } from "./gke-gpu-partitions.ts";
import { gkeNodeConfig, gkePoolName, initialNodesPerZone } from "./gke-node-config.ts";
import { gcpSpotFault, gpuMachine } from "../../platform/gpu/gpu-machines.ts";
import {
  GPU_TAINT,
  GPU_TYPE_LABEL,
  type FlexStart,
  type GpuPool,
  type ReservedCapacity,
} from "../../platform/kubernetes/gpu-types.ts";
import { gkeCapacity } from "./gke-capacity.ts";
import { gkeGpuZones, gkeGpuZonesFault } from "./gke-gpu-zones.ts";
import { gkePool, type GkePoolHome } from "./gke-pool.ts";

export interface GkeGpuPoolSettings extends GpuPool {
  /** Zones of the region that have the GPU, such as `europe-west4-a`. @default - the zones of the region that are known to have the GPU */
  zones?: readonly string[];
  /** A reservation of Compute Engine, or capacity for which nodes wait. @default - on-demand capacity, or spot */
  capacity?: ReservedCapacity | FlexStart;
}

export interface GkeGpuNodePoolArgs extends GkePoolHome, GkeGpuPoolSettings {
  /** Region of the cluster. */
  region: string;
}

/** Name of the taint effect in GKE's API. */
const NO_SCHEDULE = "NO_SCHEDULE";

/**
 * A pool of nodes with GPUs, on which only pods run that request one. GKE installs the driver and the device plugin, and
 * collects GPU metrics with DCGM.
 *
 * @example
 * new GkeGpuNodePool("cluster-gpu-l4", { project: project.id, cluster, nodes, region, pool: "l4", type: "nvidia-l4", count: 1, max: 4 });
 */
export class GkeGpuNodePool extends pulumi.ComponentResource {
  /** What must run on the nodes is created after it. */
  readonly resource: gcp.container.NodePool;

  constructor(name: string, args: GkeGpuNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:GkeGpuNodePool", name, {}, opts);
    const { nodes, pool, region, type, count, max, timeSlicing, mig } = args;
    const { spot = false, min = 0, diskGib = 200, capacity } = args;
    const waits = capacity?.kind === "flex-start";
    if (capacity !== undefined && spot)
      throw new Error(`${name}: capacity must be left out where spot is true, got ${capacity.kind}`);
    if (waits && min > 0)
      throw new Error(`${name}: min must be 0 where capacity is flex-start, whose nodes end, got ${min}`);
    atLeast(50, diskGib, `${name}: diskGib`);
    atLeast(Math.max(1, min), max, `${name}: max`);
    if (timeSlicing !== undefined && mig !== undefined)
      throw new Error(
        `${name}: timeSlicing and mig must not both be set, got ${timeSlicing} and ${mig}; keep one`,
      );
    if (timeSlicing !== undefined) within(2, MAX_SHARED_CLIENTS, timeSlicing, `${name}: timeSlicing`);
    const { machine, accelerator } = gpuMachine("gcp", type, count);
    if (accelerator === undefined)
      throw new Error(`${name}: type must be a GPU that Google Cloud has, got ${type}`);
    const spotFault = waits ? undefined : gcpSpotFault(type, count, spot);
    if (spotFault !== undefined) throw new Error(`${name}: spot ${spotFault}, got ${spot}`);
    const zones = args.zones ?? gkeGpuZones(type, region);
    if (zones.length === 0)
      throw new Error(
        `${name}: zones ${gkeGpuZonesFault(type, region) ?? "must name a zone"}, got none; name zones that have it, or use another region`,
      );
    this.resource = gkePool(
      name,
      args,
      {
        name: gkePoolName(pool, { machine, diskGib, spot, accelerator, count, timeSlicing, mig, capacity }),
        nodeLocations: [...zones],
        initialNodeCount: initialNodesPerZone(min, max, zones.length),
        // Takes GPUs in any of the zones: GPUs are scarce, and balanced zones would wait for a zone without free ones.
        autoscaling: { totalMinNodeCount: min, totalMaxNodeCount: max, locationPolicy: "ANY" },
        ...(waits
          ? { management: { autoRepair: false, autoUpgrade: true } } // GKE requires both; it upgrades such nodes when they end
          : // Replaces one node at a time without a surge node, which the GPU quota may not allow.
            { upgradeSettings: { strategy: "SURGE", maxSurge: 0, maxUnavailable: 1 } }),
        nodeConfig: gkeNodeConfig({
          ...nodes,
          pool,
          machine,
          diskGib,
          spot,
          labels: { [GPU_TYPE_LABEL]: type },
          capacity: gkeCapacity(capacity),
          taints: [{ key: GPU_TAINT.key, value: GPU_TAINT.value, effect: NO_SCHEDULE }],
          guestAccelerators: [
            {
              type: accelerator,
              count,
              gpuDriverInstallationConfig: { gpuDriverVersion: "DEFAULT" },
              ...(timeSlicing === undefined
                ? {}
                : {
                    gpuSharingConfig: {
                      gpuSharingStrategy: "TIME_SHARING",
                      maxSharedClientsPerGpu: timeSlicing,
                    },
                  }),
              ...(mig === undefined ? {} : { gpuPartitionSize: gpuPartition(type, mig, name) }),
            },
          ],
        }),
      },
      this,
    );
    this.registerOutputs({});
  }
}
