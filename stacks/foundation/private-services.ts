import type { PrivateService } from "../../components/azure/network.ts";
import type { TargetKind } from "../config/schema/target.ts";

/** Returns the Azure services that the targets reach through private endpoints. */
export function privateServicesOf(targets: readonly TargetKind[]): PrivateService[] {
  return [
    ...(targets.includes("azure-ml") ? (["ml"] as const) : []),
    ...(targets.includes("azure-functions") ? (["sites"] as const) : []),
  ];
}
