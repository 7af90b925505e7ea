import type { PlatformConfig } from "../config/load-config.ts";
import type { CloudConfig } from "../config/schema/cloud.ts";
import type { TargetKind } from "../config/schema/target.ts";
import { existingFoundation } from "./existing.ts";
import type { Foundation } from "./foundation.ts";

/** What the config says the platform stands on. The package of a cloud is loaded only where it is used: it is large. */
export async function loadFoundation(config: PlatformConfig): Promise<Foundation> {
  const { cluster } = config;
  switch (cluster.kind) {
    case "existing":
      return existingFoundation({ kubeconfig: cluster.kubeconfig, context: cluster.context });
    case "eks": {
      const { awsFoundation } = await import("./aws.ts");
      return awsFoundation({ cluster, cloud: cloudOf(config), targets: targetsOf(config) });
    }
    case "gke": {
      const { gcpFoundation } = await import("./gcp.ts");
      return gcpFoundation({ cluster, cloud: cloudOf(config), targets: targetsOf(config) });
    }
    case "aks": {
      const { azureFoundation } = await import("./azure.ts");
      return azureFoundation({ cluster, cloud: cloudOf(config), targets: targetsOf(config) });
    }
  }
}

/** The schema asks for it on every cloud. */
function cloudOf({ cloud, cluster }: PlatformConfig): CloudConfig {
  if (cloud === undefined) throw new Error(`cloud: must be set where cluster.kind is ${cluster.kind}`);
  return cloud;
}

function targetsOf({ environments }: PlatformConfig): TargetKind[] {
  const kinds = Object.values(environments).flatMap(({ services }) =>
    Object.values(services).flatMap(({ target }) => target?.kind ?? []),
  );
  return [...new Set(kinds)].sort();
}
