import * as pulumi from "@pulumi/pulumi";
import { atLeast, within } from "../../platform/kubernetes/at-least.ts";
import { gpuPartition, MAX_SHARED_CLIENTS } from "./gke-gpu-partitions.ts";
import { gkeNodeConfig, gkePoolName, initialNodesPerZone } from "./gke-node-config.ts";
import { gpuMachine } from "../../platform/gpu/gpu-machines.ts";
import { GPU_TAINT, GPU_TYPE_LABEL, type GpuPool } from "../../platform/kubernetes/gpu-types.ts";
import { gkePool, type GkePoolHome } from "./gke-pool.ts";

export interface GkeGpuNodePoolArgs extends GkePoolHome, GpuPool {}

/** Name of the taint effect in GKE's API. */
const NO_SCHEDULE = "NO_SCHEDULE";

/**
 * A pool of nodes with GPUs, on which only pods run that request one. GKE installs the driver and the device plugin, and
 * collects GPU metrics with DCGM.
 *
 * @example
 * new GkeGpuNodePool("cluster-gpu-l4", { project: project.id, cluster, nodes, pool: "l4", type: "nvidia-l4", count: 1, max: 4 });
 */
export class GkeGpuNodePool extends pulumi.ComponentResource {
  constructor(name: string, args: GkeGpuNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:GkeGpuNodePool", name, {}, opts);
    const { nodes, pool, type, count, max, timeSlicing, mig } = args;
    const { spot = false, min = 0, diskGib = 200 } = args;
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
    gkePool(
      name,
      args,
      {
        name: gkePoolName(pool, { machine, diskGib, spot, accelerator, count, timeSlicing, mig }),
        initialNodeCount: initialNodesPerZone(min, max),
        // Takes GPUs in any zone: GPUs are scarce, and balanced zones would wait for a zone without them.
        autoscaling: { totalMinNodeCount: min, totalMaxNodeCount: max, locationPolicy: "ANY" },
        // Replaces one node at a time without a surge node, which the GPU quota may not allow.
        upgradeSettings: { strategy: "SURGE", maxSurge: 0, maxUnavailable: 1 },
        nodeConfig: gkeNodeConfig({
          ...nodes,
          pool,
          machine,
          diskGib,
          spot,
          labels: { [GPU_TYPE_LABEL]: type },
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
