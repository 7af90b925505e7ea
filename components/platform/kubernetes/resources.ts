export interface ResourceOptions {
  /** CPU that the scheduler reserves, in thousandths of a core. */
  cpuRequestMillis: number;
  /** CPU that the container may use, in thousandths of a core. */
  cpuLimitMillis: number;
  /** Memory that the container may use, in MiB. */
  memoryMib: number;
  /** Memory that the scheduler reserves, in MiB. @default - as much as `memoryMib` */
  memoryRequestMib?: number;
}

/** Quantities by resource, such as `cpu`. */
export interface ContainerResources {
  requests: Record<string, string>;
  limits: Record<string, string>;
}

/** Returns the requests and limits of one container. */
export function resources(options: ResourceOptions): ContainerResources {
  const { cpuRequestMillis, cpuLimitMillis, memoryMib, memoryRequestMib = memoryMib } = options;
  return {
    requests: { cpu: `${cpuRequestMillis}m`, memory: `${memoryRequestMib}Mi` },
    limits: { cpu: `${cpuLimitMillis}m`, memory: `${memoryMib}Mi` },
  };
}
