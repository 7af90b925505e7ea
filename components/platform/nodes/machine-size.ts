import type { Cloud } from "../gpu/gpu-machines.ts";

export interface MachineSize {
  vcpus: number;
  memoryGib: number;
}

/** vCPUs by size of AWS instances; `12xlarge` has 12 times the 4 vCPUs of `xlarge`. */
const AWS_SIZES: Readonly<Record<string, number>> = { medium: 1, large: 2, xlarge: 4 };
/**
 * GiB per vCPU by AWS instance family. @see https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html
 */
const AWS_FAMILIES: readonly [RegExp, number][] = [
  [/^c\d/, 2],
  [/^(m\d|g4dn$|g5$|g6$|inf2$)/, 4],
  [/^(r\d|g6e$|gr6$)/, 8],
];
/** GiB per vCPU by Google Cloud machine family. @see https://cloud.google.com/compute/docs/machine-resource */
const GCP_FAMILIES: readonly [RegExp, number][] = [
  [/^n1-standard$/, 3.75],
  [/^n1-highmem$/, 6.5],
  [/^(e2|n2|n2d|c3|c3d|n4|g2|c4a|n4a|t2a)-standard$/, 4],
  [/^(e2|n2|n2d|c3|n4|c4a|n4a)-highmem$/, 8],
];
/** GiB per vCPU by Azure VM family. @see https://learn.microsoft.com/azure/virtual-machines/sizes/overview */
const AZURE_FAMILIES: readonly [RegExp, number][] = [
  [/^F\d+s_v2$/, 2],
  [/^D\d+p?l[a-z]*_v\d$/, 2],
  [/^D\d+[a-z]*_v\d$/, 4],
  [/^E\d+[a-z]*_v\d$/, 8],
  [/^NC\d+as_T4_v3$/, 7],
];

const gibPerVcpuOf = (families: readonly [RegExp, number][], name: string): number | undefined =>
  families.find(([family]) => family.test(name))?.[1];

/** Parsers of machine names, by cloud. */
const READ: Record<
  Cloud,
  (machine: string) => { vcpus: number; gibPerVcpu: number | undefined } | undefined
> = {
  aws: (machine) => {
    const [family = "", size = ""] = machine.split(".");
    const many = /^(\d+)xlarge$/.exec(size)?.[1];
    const vcpus = many === undefined ? AWS_SIZES[size] : 4 * Number(many);
    return vcpus === undefined ? undefined : { vcpus, gibPerVcpu: gibPerVcpuOf(AWS_FAMILIES, family) };
  },
  gcp: (machine) => {
    const [, family = "", vcpus] = /^(.+)-(\d+)$/.exec(machine) ?? [];
    return vcpus === undefined
      ? undefined
      : { vcpus: Number(vcpus), gibPerVcpu: gibPerVcpuOf(GCP_FAMILIES, family) };
  },
  azure: (machine) => {
    const name = machine.replace(/^Standard_/, "");
    const vcpus = /^[A-Z]+(\d+)/.exec(name)?.[1];
    return vcpus === undefined
      ? undefined
      : { vcpus: Number(vcpus), gibPerVcpu: gibPerVcpuOf(AZURE_FAMILIES, name) };
  },
};

/**
 * Returns the vCPUs and the memory of a machine, derived from its name. Undefined for a family or a size that is not in the
 * tables above.
 */
export function machineSize(cloud: Cloud, machine: string): MachineSize | undefined {
  const read = READ[cloud](machine);
  if (read?.gibPerVcpu === undefined) return undefined;
  return { vcpus: read.vcpus, memoryGib: read.vcpus * read.gibPerVcpu };
}
