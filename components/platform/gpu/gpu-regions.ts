import type { Cloud } from "./gpu-machines.ts";

/** Regions that have the machines of a family, according to one source. */
interface FamilyRegions {
  /** Matches machines of the family and, on Google Cloud, the names of their accelerators. */
  machines: RegExp;
  regions: readonly string[];
}

/** A list of machines by region. */
interface Survey {
  /** Regions that the source covers. Nothing is known about other regions. */
  covered: readonly string[];
  source: string;
  /** Year of the source. */
  date: string;
  families: readonly FamilyRegions[];
}

/**
 * Families that the clouds no longer bring to new regions, so a region that lacked one still lacks it. Newer families (G6, P5, L4, A10,
 * H100, H200) are left out, because a list of their regions would soon be wrong.
 */
const SURVEYS: Readonly<Record<Cloud, Survey>> = {
  aws: {
    covered: [
      ...["ap-east-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1"],
      ...[
        "ap-southeast-2",
        "ca-central-1",
        "eu-central-1",
        "eu-north-1",
        "eu-south-1",
        "eu-west-1",
        "eu-west-2",
      ],
      ...["eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2"],
    ],
    source:
      "https://github.com/apache/libcloud/blob/v3.9.1/libcloud/compute/constants/ec2_region_details_complete.py",
    date: "2025",
    families: [
      {
        machines: /^g4dn\./,
        regions: [
          ...[
            "ap-east-1",
            "ap-northeast-1",
            "ap-northeast-2",
            "ap-south-1",
            "ap-southeast-1",
            "ap-southeast-2",
          ],
          ...[
            "ca-central-1",
            "eu-central-1",
            "eu-north-1",
            "eu-south-1",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
          ],
          ...["sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2"],
        ],
      },
      {
        machines: /^p3\./,
        regions: [
          ...["ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2", "ca-central-1"],
          ...["eu-central-1", "eu-west-1", "eu-west-2", "us-east-1", "us-east-2", "us-west-2"],
        ],
      },
      {
        machines: /^p4d\./,
        regions: [
          ...["ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2"],
          ...[
            "ca-central-1",
            "eu-central-1",
            "eu-west-1",
            "sa-east-1",
            "us-east-1",
            "us-east-2",
            "us-west-2",
          ],
        ],
      },
      { machines: /^p4de\./, regions: ["ap-southeast-1", "eu-central-1", "us-east-1", "us-west-2"] },
    ],
  },
  gcp: {
    covered: [
      ...[
        "africa-south1",
        "asia-east1",
        "asia-east2",
        "asia-northeast1",
        "asia-northeast2",
        "asia-northeast3",
      ],
      ...["asia-south1", "asia-south2", "asia-southeast1", "asia-southeast2", "australia-southeast1"],
      ...["australia-southeast2", "europe-central2", "europe-north1", "europe-southwest1", "europe-west1"],
      ...["europe-west10", "europe-west12", "europe-west2", "europe-west3", "europe-west4", "europe-west6"],
      ...[
        "europe-west8",
        "europe-west9",
        "me-central1",
        "me-central2",
        "me-west1",
        "northamerica-northeast1",
      ],
      ...["northamerica-northeast2", "southamerica-east1", "southamerica-west1", "us-central1", "us-east1"],
      ...["us-east4", "us-east5", "us-south1", "us-west1", "us-west2", "us-west3", "us-west4"],
    ],
    source:
      "https://github.com/skypilot-org/skypilot-catalog/blob/017e2502fb63c7a28757acd94002b2d6099d3e3d/catalogs/v7/gcp/vms.csv",
    date: "2025",
    families: [
      {
        machines: /^(a2-highgpu-|nvidia-tesla-a100$)/,
        regions: [
          ...["asia-northeast1", "asia-northeast3", "asia-southeast1", "europe-west4", "me-west1"],
          ...["us-central1", "us-east1", "us-west1", "us-west3", "us-west4"],
        ],
      },
      {
        machines: /^(a2-ultragpu-|nvidia-a100-80gb$)/,
        regions: ["asia-southeast1", "europe-west4", "us-central1", "us-east4", "us-east5"],
      },
    ],
  },
  azure: {
    covered: [
      ...["centralus", "eastus", "eastus2", "northcentralus", "southcentralus"],
      ...["westcentralus", "westus", "westus2", "westus3"],
    ],
    source:
      "https://github.com/skypilot-org/skypilot-catalog/blob/80b37e8803f5fc2a7962ae26657d5cd1b74012ed/catalogs/v5/azure/vms.csv",
    date: "2024",
    families: [
      {
        machines: /^Standard_NC\d+as_T4_v3$/,
        regions: [
          ...["centralus", "eastus", "eastus2", "northcentralus", "southcentralus"],
          ...["westus", "westus2", "westus3"],
        ],
      },
      { machines: /^Standard_ND96asr_v4$/, regions: ["eastus", "southcentralus", "westus2"] },
      {
        machines: /^Standard_ND96amsr_A100_v4$/,
        regions: ["eastus", "eastus2", "southcentralus", "westus2"],
      },
    ],
  },
};

/**
 * Returns the rule that a region breaks because it lacks a GPU machine; undefined if it has the machine or nothing is known. A region
 * breaks the rule only if a source covers the region and lists the family in other regions only.
 *
 * @param machine - as in {@link GpuMachine}; for Google's N1 the accelerator attached to it
 */
export function gpuRegionFault(cloud: Cloud, machine: string, region: string): string | undefined {
  const { covered, date, families } = SURVEYS[cloud];
  const family = families.find(({ machines }) => machines.test(machine));
  if (family === undefined || !covered.includes(region) || family.regions.includes(region)) return undefined;
  return `must be a region with ${machine}: ${[...family.regions].sort().join(", ")} (as of ${date})`;
}
