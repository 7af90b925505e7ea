import type * as pulumi from "@pulumi/pulumi";
import { Aks } from "../../../../components/azure/cluster/aks.ts";
import type { AksArgs } from "../../../../components/azure/cluster/aks-args.ts";
import { azureStage, place, workspaceId } from "../azure-stage.ts";
import { record, type Recorded } from "../../record.ts";

export const ADMINS = "a3b1d7a0-9e1f-4a55-a7c6-0b8f0c2d1e33";
export const CLUSTER = "azure-native:containerservice:ManagedCluster";
export const POOL = "azure-native:containerservice:AgentPool";

/** Records a cluster named `cluster` with the required arguments and more. */
export function buildAks(
  more: Partial<AksArgs> = {},
  opts?: pulumi.ComponentResourceOptions,
): Promise<{ resources: Recorded[]; result: Aks }> {
  return record(
    () =>
      new Aks("cluster", { ...place, ...azureStage(), workspaceId, adminGroups: [ADMINS], ...more }, opts),
  );
}

/** Returns the resources of such a cluster. */
export async function aksResources(more: Partial<AksArgs> = {}): Promise<Recorded[]> {
  return (await buildAks(more)).resources;
}
