import { zonesOfRegion } from "../../components/azure/zones.ts";
import type { AksConfig } from "../config/schema/cluster.ts";

/** Returns the zones of a stack: those of its config, or those of its region. Empty for a region without zones. */
export function azureZones({ zones, region }: AksConfig): readonly string[] {
  return zones ?? zonesOfRegion(region);
}

/** Returns how storage accounts of a stack keep copies: in three zones of the region, or in one data center. */
export function storageRedundancy(cluster: AksConfig): "Standard_ZRS" | "Standard_LRS" {
  return azureZones(cluster).length > 0 ? "Standard_ZRS" : "Standard_LRS";
}
