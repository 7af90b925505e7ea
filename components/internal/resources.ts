import type { types } from "@pulumi/kubernetes";

export interface ResourceOptions {
  /** CPU that the scheduler sets aside, in thousandths of a core. */
  cpuRequestMillis: number;
  /** CPU that the container may use, in thousandths of a core. */
  cpuLimitMillis: number;
  /** Memory that the container may use. */
  memoryMib: number;
  /** Memory that the scheduler sets aside. @default - as much as `memoryMib` */
  memoryRequestMib?: number;
}

/** Requests and limits of one container. */
export function resources(options: ResourceOptions): types.input.core.v1.ResourceRequirements {
  const { cpuRequestMillis, cpuLimitMillis, memoryMib, memoryRequestMib = memoryMib } = options;
  return {
    requests: { cpu: `${cpuRequestMillis}m`, memory: `${memoryRequestMib}Mi` },
    limits: { cpu: `${cpuLimitMillis}m`, memory: `${memoryMib}Mi` },
  };
}
