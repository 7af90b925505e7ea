import { AWS_REGIONS } from "../../components/aws/regions.ts";
import { AZURE_REGIONS } from "../../components/azure/regions.ts";
import { GCP_REGIONS } from "../../components/gcp/regions.ts";
import type { ConfigFault } from "./describe-issues.ts";
import { nearestName } from "./nearest-name.ts";
import type { FoundationStackConfig } from "./schema.ts";

type ClusterKind = FoundationStackConfig["cluster"]["kind"];

const KNOWN: Record<ClusterKind, { cloud: string; regions: readonly string[] }> = {
  eks: { cloud: "AWS", regions: AWS_REGIONS },
  gke: { cloud: "Google Cloud", regions: GCP_REGIONS },
  aks: { cloud: "Azure", regions: AZURE_REGIONS },
};

/**
 * Returns a fault, with its fix, for each region in the config of a foundation that Slipway does not know. Clouds open new regions, so
 * such a region is not refused.
 */
export function unknownRegions({
  cluster,
  cloud: { backup },
}: Pick<FoundationStackConfig, "cluster" | "cloud">): Required<
  Pick<ConfigFault, "path" | "message" | "fix">
>[] {
  const { cloud, regions } = KNOWN[cluster.kind];
  const named = [
    { path: ["cluster", "region"], region: cluster.region },
    { path: ["cloud", "backup", "copyRegion"], region: backup?.copyRegion },
  ];
  return named.flatMap(({ path, region }) => {
    if (region === undefined || regions.includes(region)) return [];
    const near = nearestName(region, regions);
    return [
      {
        path,
        message: `is no region of ${cloud} that Slipway knows, got ${JSON.stringify(region)}`,
        fix: near === undefined ? `make sure that ${cloud} has it` : `did you mean ${near}?`,
      },
    ];
  });
}
