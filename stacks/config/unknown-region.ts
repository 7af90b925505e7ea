import { AWS_REGIONS } from "../../components/aws/regions.ts";
import { nearestName } from "./nearest-name.ts";
import type { FoundationStackConfig } from "./schema.ts";

/**
 * Returns what to say about the region of a cluster on EKS that Slipway does not know, and how to mend it; undefined if it knows the region.
 * AWS opens new regions, so such a region is not refused.
 */
export function unknownRegion({
  cluster,
}: Pick<FoundationStackConfig, "cluster">): { message: string; fix: string } | undefined {
  if (cluster.kind !== "eks" || AWS_REGIONS.includes(cluster.region)) return undefined;
  const near = nearestName(cluster.region, AWS_REGIONS);
  return {
    message: `is no region of AWS that Slipway knows, got ${JSON.stringify(cluster.region)}`,
    fix: near === undefined ? "make sure that AWS has it" : `did you mean ${near}?`,
  };
}
