import { AWS_REGIONS } from "../../components/aws/regions.ts";
import { AZURE_REGIONS } from "../../components/azure/regions.ts";
import { GCP_REGIONS } from "../../components/gcp/regions.ts";
import type { ConfigFault } from "../../runtime/contract/issues/describe-issues.ts";
import { nearestName } from "../../runtime/contract/issues/nearest-name.ts";
import type { FoundationStackConfig } from "./schema.ts";
import { valueAt } from "../../runtime/contract/issues/value-at.ts";

type ClusterKind = FoundationStackConfig["cluster"]["kind"];

const KNOWN = new Map<unknown, { cloud: string; regions: readonly string[] }>([
  ["eks" satisfies ClusterKind, { cloud: "AWS", regions: AWS_REGIONS }],
  ["gke" satisfies ClusterKind, { cloud: "Google Cloud", regions: GCP_REGIONS }],
  ["aks" satisfies ClusterKind, { cloud: "Azure", regions: AZURE_REGIONS }],
]);

const REGION_PATHS = [
  ["cluster", "region"],
  ["cloud", "backup", "copyRegion"],
];

/**
 * Returns a fault, with its fix, for each region in the config of a foundation that Slipway does not know. Clouds open new regions, so
 * such a region is not refused. The values may have other faults.
 */
export function unknownRegions(
  values: Readonly<Record<string, unknown>>,
): Required<Pick<ConfigFault, "path" | "message" | "fix">>[] {
  const known = KNOWN.get(valueAt(values, ["cluster", "kind"]));
  if (known === undefined) return [];
  const { cloud, regions } = known;
  return REGION_PATHS.flatMap((path) => {
    const region = valueAt(values, path);
    if (typeof region !== "string" || regions.includes(region)) return [];
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
