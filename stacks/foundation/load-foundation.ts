import type { PlatformConfig } from "../config/load-config.ts";
import type { CloudConfig } from "../config/schema/cloud.ts";
import type { TargetKind } from "../config/schema/target.ts";
import { existingFoundation } from "./existing.ts";
import type { Foundation } from "./foundation.ts";

/** The foundation that the config names. The package of a cloud is loaded only where it is used: it is large. */
export async function loadFoundation(config: PlatformConfig): Promise<Foundation> {
  const { cluster } = config;
  if (cluster.kind === "existing")
    return existingFoundation({ kubeconfig: cluster.kubeconfig, context: cluster.context });
  const common = { cloud: cloudOf(config), targets: targetsOf(config) };
  switch (cluster.kind) {
    case "eks": {
      const { awsFoundation } = await import("./aws.ts");
      return awsFoundation({ cluster, ...common });
    }
    case "gke": {
      const { gcpFoundation } = await import("./gcp.ts");
      return gcpFoundation({ cluster, ...common });
    }
    case "aks": {
      const { azureFoundation } = await import("./azure.ts");
      return azureFoundation({ cluster, ...common });
    }
  }
}

/** The schema requires it on every cloud: this tells the compiler. */
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
