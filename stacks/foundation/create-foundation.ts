import type * as pulumi from "@pulumi/pulumi";
import type { FoundationConfig } from "../config/load-config.ts";

/** Outputs of the foundation of any cloud, by name. */
export type FoundationOutputs = Record<string, pulumi.Input<unknown>>;

/**
 * Creates the foundation of the config: what must be there before anything can be deployed. Returns the outputs of the stack. Loads only
 * the SDK of the cloud that the stack uses, because the SDKs are large.
 */
export async function createFoundation(config: FoundationConfig): Promise<FoundationOutputs> {
  const { cluster, cloud, images, registry } = config;
  const args = { cloud, images, registryUrl: registry.url };
  switch (cluster.kind) {
    case "eks": {
      const { awsFoundation } = await import("./aws.ts");
      return awsFoundation({ cluster, upstreamSecrets: registry.upstreamSecrets, ...args });
    }
    case "gke": {
      const { gcpFoundation } = await import("./gcp.ts");
      return gcpFoundation({ cluster, ...args });
    }
    case "aks": {
      const { azureFoundation } = await import("./azure.ts");
      return azureFoundation({ cluster, ...args });
    }
  }
}
