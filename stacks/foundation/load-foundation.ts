import type { PlatformConfig } from "../config/load-config.ts";
import type { CloudConfig } from "../config/schema/cloud.ts";
import type { TargetKind } from "../config/schema/target.ts";
import { existingFoundation } from "./existing.ts";
import type { Foundation } from "./foundation.ts";

/** Creates the foundation of the config. Loads the SDK of a cloud only if the stack uses that cloud, because the SDKs are large. */
export async function loadFoundation(config: PlatformConfig): Promise<Foundation> {
  const { cluster } = config;
  if (cluster.kind === "existing")
    return existingFoundation({ kubeconfig: cluster.kubeconfig, context: cluster.context });
  const common = { cloud: cloudOf(config), targets: targetKindsOf(config) };
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

/** Returns `cloud`, which the schema requires with a managed cluster but its type does not. */
function cloudOf({ cloud, cluster }: PlatformConfig): CloudConfig {
  if (cloud === undefined) throw new Error(`cloud: must be set if cluster.kind is ${cluster.kind}`);
  return cloud;
}

/** Returns the kinds of targets that the services use, sorted and without duplicates. */
function targetKindsOf({ environments }: PlatformConfig): TargetKind[] {
  const kinds = Object.values(environments).flatMap(({ services }) =>
    Object.values(services).flatMap(({ target }) => target?.kind ?? []),
  );
  return [...new Set(kinds)].sort();
}
