import * as azure from "@pulumi/azure-native/provider.js";
import type { AksConfig } from "../config/schema/cluster.ts";

/** Creates the Azure provider of a stack, which is bound to its subscription and tenant. */
export function azureProvider({ subscription, tenant, region }: AksConfig): azure.Provider {
  return new azure.Provider("azure", { subscriptionId: subscription, tenantId: tenant, location: region });
}
