import { awsZones } from "../../../components/aws/zones.ts";
import type { EksConfig } from "./cluster.ts";

/** Returns the zones of a cluster on EKS, by name or by id, in the order of its subnets. */
export function eksZones({ zones, region }: Pick<EksConfig, "zones" | "region">): readonly string[] {
  return zones ?? awsZones(region);
}
