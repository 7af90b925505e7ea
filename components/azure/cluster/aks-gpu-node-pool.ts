import * as containerservice from "@pulumi/azure-native/containerservice/index.js";
import * as pulumi from "@pulumi/pulumi";
import {
  AKS_POOL_UPGRADES,
  AKS_SPOT,
  AKS_SPOT_LABEL,
  AKS_SPOT_TAINT,
  aksScale,
} from "./aks-control-plane.ts";
import { aksGpuInstanceProfile } from "./aks-gpu-instances.ts";
import { atLeast } from "../../platform/kubernetes/at-least.ts";
import { gpuMachine } from "../../platform/gpu/gpu-machines.ts";
import { GPU_TAINT, GPU_TYPE_LABEL, POOL_LABEL, type GpuPool } from "../../platform/kubernetes/gpu-types.ts";
import { commonPool, type AksPoolPlace } from "./aks-node-pool.ts";

export interface AksGpuNodePoolArgs extends AksPoolPlace, GpuPool {
  /** Name of the pool as the config says it: nodes carry it as a label. */
  label: string;
}

/**
 * A pool of nodes with GPUs: AKS installs NVIDIA's driver, and splits the GPUs where `mig` is given. Only pods that ask
 * for a GPU go there, and without any the pool shrinks to `min`. Time slicing is the device plugin's business.
 *
 * @example
 * new AksGpuNodePool("cluster-a100", { ...pool, label: "a100", type: "nvidia-a100-80gb", count: 1, spot: true, max: 4 });
 */
export class AksGpuNodePool extends pulumi.ComponentResource {
  constructor(name: string, args: AksGpuNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:AksGpuNodePool", name, {}, opts);
    const { type, count, spot = false, min = 0, max, diskGib = 200, mig, timeSlicing, label } = args;
    const { machine } = gpuMachine("azure", type, count);
    atLeast(0, min, `${name}: min`);
    atLeast(Math.max(1, min), max, `${name}: max`);
    atLeast(50, diskGib, `${name}: diskGib`);
    if (mig !== undefined && timeSlicing !== undefined)
      throw new Error(`${name}: mig must be left out where timeSlicing is set, got ${mig}; keep one`);
    new containerservice.AgentPool(
      `${name}-pool`,
      {
        ...commonPool(args),
        ...aksScale(min, max),
        ...(spot ? AKS_SPOT : {}),
        vmSize: machine,
        osSKU: "Ubuntu", // drivers for every GPU; those of Azure Linux cover a few
        osDiskSizeGB: diskGib,
        upgradeSettings: spot ? undefined : AKS_POOL_UPGRADES,
        gpuProfile: { driver: "Install" },
        gpuInstanceProfile: mig === undefined ? undefined : aksGpuInstanceProfile(type, mig, `${name}: mig`),
        nodeLabels: { [POOL_LABEL]: label, [GPU_TYPE_LABEL]: type, ...(spot ? AKS_SPOT_LABEL : {}) },
        nodeTaints: [
          `${GPU_TAINT.key}=${GPU_TAINT.value}:${GPU_TAINT.effect}`,
          ...(spot ? [AKS_SPOT_TAINT] : []),
        ],
      },
      { parent: this, deletedWith: args.cluster, ignoreChanges: ["count"] },
    );
    this.registerOutputs({});
  }
}
