import type { PlatformConfig } from "../config/load-config.ts";
import { connectExisting } from "./existing.ts";
import type { Connection } from "./connection.ts";
import { readFoundation } from "./read-foundation.ts";

/** Connects the platform to the cluster of its config. Loads the SDK of a cloud only if the foundation uses that cloud, because the SDKs are large. */
export async function openConnection({ cluster, cloud, foundation }: PlatformConfig): Promise<Connection> {
  if (cluster.kind === "existing")
    return connectExisting({ kubeconfig: cluster.kubeconfig, context: cluster.context });
  if (cloud === undefined || foundation === undefined)
    throw new Error(`cluster: must be on a foundation if cluster.kind is ${cluster.kind}`);
  switch (cluster.kind) {
    case "eks": {
      const { connectAws } = await import("./aws.ts");
      const { awsFoundationSchema } = await import("../foundation/aws-outputs.ts");
      return connectAws({ cluster, cloud, foundation: readFoundation(foundation, awsFoundationSchema) });
    }
    case "gke": {
      const { connectGcp } = await import("./gcp.ts");
      const { gcpFoundationSchema } = await import("../foundation/gcp-outputs.ts");
      return connectGcp({ cluster, cloud, foundation: readFoundation(foundation, gcpFoundationSchema) });
    }
    case "aks": {
      const { connectAzure } = await import("./azure.ts");
      const { azureFoundationSchema } = await import("../foundation/azure-outputs.ts");
      return connectAzure({ cluster, cloud, foundation: readFoundation(foundation, azureFoundationSchema) });
    }
  }
}
