import { GPU_TYPES, type GpuType } from "../kubernetes/gpu-types.ts";

export type Cloud = "aws" | "gcp" | "azure";

/** A machine type of a cloud with GPUs. */
export interface GpuMachine {
  machine: string;
  /** Name of the accelerator that Google Cloud attaches to the machine. Absent on other clouds. */
  accelerator?: string;
  vcpus: number;
  memoryGib: number;
}

const machine = (type: string, vcpus: number, memoryGib: number): GpuMachine => ({
  machine: type,
  vcpus,
  memoryGib,
});
const attached = (type: string, vcpus: number, memoryGib: number, accelerator: string): GpuMachine => ({
  ...machine(type, vcpus, memoryGib),
  accelerator,
});

/** Cloud → GPU → GPUs per node → the smallest machine that has them. Source: the clouds' own lists, November 2026. */
const MACHINES: Record<Cloud, Partial<Record<GpuType, Record<number, GpuMachine>>>> = {
  // @see https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html
  aws: {
    "nvidia-t4": {
      1: machine("g4dn.xlarge", 4, 16),
      4: machine("g4dn.12xlarge", 48, 192),
      8: machine("g4dn.metal", 96, 384),
    },
    "nvidia-a10g": {
      1: machine("g5.xlarge", 4, 16),
      4: machine("g5.12xlarge", 48, 192),
      8: machine("g5.48xlarge", 192, 768),
    },
    "nvidia-l4": {
      1: machine("g6.xlarge", 4, 16),
      4: machine("g6.12xlarge", 48, 192),
      8: machine("g6.48xlarge", 192, 768),
    },
    "nvidia-l40s": {
      1: machine("g6e.xlarge", 4, 32),
      4: machine("g6e.12xlarge", 48, 384),
      8: machine("g6e.48xlarge", 192, 1536),
    },
    "nvidia-v100": {
      1: machine("p3.2xlarge", 8, 61),
      4: machine("p3.8xlarge", 32, 244),
      8: machine("p3.16xlarge", 64, 488),
    },
    "nvidia-a100-40gb": { 8: machine("p4d.24xlarge", 96, 1152) },
    "nvidia-a100-80gb": { 8: machine("p4de.24xlarge", 96, 1152) },
    "nvidia-h100-80gb": { 1: machine("p5.4xlarge", 16, 256), 8: machine("p5.48xlarge", 192, 2048) },
    "nvidia-h200-141gb": { 8: machine("p5en.48xlarge", 192, 2048) },
  },
  // @see https://cloud.google.com/compute/docs/gpus
  gcp: {
    "nvidia-t4": {
      1: attached("n1-standard-4", 4, 15, "nvidia-tesla-t4"),
      2: attached("n1-standard-8", 8, 30, "nvidia-tesla-t4"),
      4: attached("n1-standard-16", 16, 60, "nvidia-tesla-t4"),
    },
    "nvidia-v100": {
      1: attached("n1-standard-8", 8, 30, "nvidia-tesla-v100"),
      2: attached("n1-standard-16", 16, 60, "nvidia-tesla-v100"),
      4: attached("n1-standard-32", 32, 120, "nvidia-tesla-v100"),
      8: attached("n1-standard-64", 64, 240, "nvidia-tesla-v100"),
    },
    "nvidia-l4": {
      1: attached("g2-standard-4", 4, 16, "nvidia-l4"),
      2: attached("g2-standard-24", 24, 96, "nvidia-l4"),
      4: attached("g2-standard-48", 48, 192, "nvidia-l4"),
      8: attached("g2-standard-96", 96, 384, "nvidia-l4"),
    },
    "nvidia-a100-40gb": {
      1: attached("a2-highgpu-1g", 12, 85, "nvidia-tesla-a100"),
      2: attached("a2-highgpu-2g", 24, 170, "nvidia-tesla-a100"),
      4: attached("a2-highgpu-4g", 48, 340, "nvidia-tesla-a100"),
      8: attached("a2-highgpu-8g", 96, 680, "nvidia-tesla-a100"),
    },
    "nvidia-a100-80gb": {
      1: attached("a2-ultragpu-1g", 12, 170, "nvidia-a100-80gb"),
      2: attached("a2-ultragpu-2g", 24, 340, "nvidia-a100-80gb"),
      4: attached("a2-ultragpu-4g", 48, 680, "nvidia-a100-80gb"),
      8: attached("a2-ultragpu-8g", 96, 1360, "nvidia-a100-80gb"),
    },
    "nvidia-h100-80gb": {
      1: attached("a3-highgpu-1g", 26, 234, "nvidia-h100-80gb"),
      2: attached("a3-highgpu-2g", 52, 468, "nvidia-h100-80gb"),
      4: attached("a3-highgpu-4g", 104, 936, "nvidia-h100-80gb"),
      8: attached("a3-highgpu-8g", 208, 1872, "nvidia-h100-80gb"),
    },
    "nvidia-h200-141gb": { 8: attached("a3-ultragpu-8g", 224, 2952, "nvidia-h200-141gb") },
  },
  // @see https://learn.microsoft.com/azure/virtual-machines/sizes/overview#gpu-accelerated
  azure: {
    "nvidia-t4": {
      1: machine("Standard_NC4as_T4_v3", 4, 28),
      4: machine("Standard_NC64as_T4_v3", 64, 440),
    },
    "nvidia-a10": {
      1: machine("Standard_NV36ads_A10_v5", 36, 440),
      2: machine("Standard_NV72ads_A10_v5", 72, 880),
    },
    "nvidia-a100-40gb": { 8: machine("Standard_ND96asr_v4", 96, 900) },
    "nvidia-a100-80gb": {
      1: machine("Standard_NC24ads_A100_v4", 24, 220),
      2: machine("Standard_NC48ads_A100_v4", 48, 440),
      4: machine("Standard_NC96ads_A100_v4", 96, 880),
      8: machine("Standard_ND96amsr_A100_v4", 96, 1900),
    },
    "nvidia-h100-94gb": {
      1: machine("Standard_NC40ads_H100_v5", 40, 320),
      2: machine("Standard_NC80adis_H100_v5", 80, 640),
    },
    "nvidia-h100-80gb": { 8: machine("Standard_ND96isr_H100_v5", 96, 1900) },
    "nvidia-h200-141gb": { 8: machine("Standard_ND96isr_H200_v5", 96, 1850) },
  },
};

/** Names of the clouds in messages. */
const CLOUD_NAMES: Record<Cloud, string> = { aws: "AWS", gcp: "Google Cloud", azure: "Azure" };

/** A rule that a property of a GPU pool breaks. */
export interface GpuMachineFault {
  property: "type" | "count";
  /** Text that follows the name of the property, such as `must be 1 or 4`. */
  rule: string;
}

/** Returns why a cloud has no machine with `count` GPUs of a type; undefined if it has one. */
export function gpuMachineFault(cloud: Cloud, type: GpuType, count: number): GpuMachineFault | undefined {
  const counts = MACHINES[cloud][type];
  if (counts === undefined)
    return {
      property: "type",
      rule: `must be a GPU that ${CLOUD_NAMES[cloud]} has (${gpuTypesOf(cloud).join(", ")})`,
    };
  if (counts[count] === undefined)
    return {
      property: "count",
      rule: `must be ${Object.keys(counts).join(" or ")}: no other machine of ${CLOUD_NAMES[cloud]} has ${type}`,
    };
  return undefined;
}

/**
 * Returns the rule that `spot` of a pool on Google Cloud breaks; undefined if it breaks none. Google sells machines with a part of
 * the H100 of a host as Spot or Flex-start only.
 *
 * @see https://cloud.google.com/compute/docs/accelerator-optimized-machines#consumption_option_availability_by_machine_type
 */
export function gcpSpotFault(type: GpuType, count: number, spot: boolean): string | undefined {
  if (spot || type !== "nvidia-h100-80gb" || count >= 8) return undefined;
  return `must be true for ${count} ${type} on Google Cloud, which sells machines with fewer than 8 as Spot only, or with capacity: { kind: flex-start }`;
}

/** Returns the machine of a cloud with `count` GPUs of a type. Throws if there is none. */
export function gpuMachine(cloud: Cloud, type: GpuType, count: number): GpuMachine {
  const found = MACHINES[cloud][type]?.[count];
  if (found !== undefined) return found;
  const { property, rule } = gpuMachineFault(cloud, type, count) ?? {
    property: "type",
    rule: "is not known",
  };
  throw new Error(`gpu pool: ${property} ${rule}, got ${property === "type" ? type : count}`);
}

/** Returns all machines of a cloud with a type of GPU, with their number of GPUs, the smallest first. */
export function gpuMachinesOf(cloud: Cloud, type: GpuType): (GpuMachine & { gpus: number })[] {
  return Object.entries(MACHINES[cloud][type] ?? {}).map(([gpus, found]) => ({
    ...found,
    gpus: Number(gpus),
  }));
}

/** Returns the GPUs that a cloud has. */
export function gpuTypesOf(cloud: Cloud): GpuType[] {
  return GPU_TYPES.filter((type) => MACHINES[cloud][type] !== undefined);
}
