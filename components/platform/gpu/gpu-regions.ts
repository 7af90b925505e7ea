import type { Cloud } from "./gpu-machines.ts";

/** Regions that have the machines of a family, according to one source. */
interface FamilyRegions {
  /** Matches machines of the family. */
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

/** Google Cloud has a table of zones instead, `gke-gpu-zones.ts`. */
export type SurveyedCloud = Exclude<Cloud, "gcp">;

/**
 * Families that the clouds no longer bring to new regions, so a region that lacked one still lacks it. Newer families (G6, P5, A10, H100,
 * H200) are left out, because a list of their regions would soon be wrong.
 */
const SURVEYS: Readonly<Record<SurveyedCloud, Survey>> = {
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
 * @param machine - as in {@link GpuMachine}
 */
export function gpuRegionFault(cloud: SurveyedCloud, machine: string, region: string): string | undefined {
  const { covered, date, families } = SURVEYS[cloud];
  const family = families.find(({ machines }) => machines.test(machine));
  if (family === undefined || !covered.includes(region) || family.regions.includes(region)) return undefined;
  return `must be a region with ${machine}: ${[...family.regions].sort().join(", ")} (as of ${date})`;
}
