import type { StackConfig } from "./schema.ts";

/** Returns the base URL of the stack's registry. The URL of a cloud's registry follows from the config, so the first preview knows it. */
export function registryUrl({
  registry,
  cluster,
  cloud,
}: Pick<StackConfig, "registry" | "cluster" | "cloud">): string {
  switch (registry.kind) {
    case "local":
    case "existing": {
      const scheme = registry.kind === "local" ? "http" : "https";
      return `${scheme}://${registry.host}${registry.prefix === undefined ? "" : `/${registry.prefix}`}`;
    }
    case "ecr":
      if (cluster.kind === "eks") return `https://${cluster.account}.dkr.ecr.${cluster.region}.amazonaws.com`;
      break;
    case "artifact-registry":
      // No path: a path would put images, with immutable tags, and models, with moving tags, into one repository.
      if (cluster.kind === "gke") return `https://${cluster.region}-docker.pkg.dev/${cluster.project}`;
      break;
    case "acr":
      if (cluster.kind === "aks" && cloud !== undefined) return `https://${cloud.prefix}.azurecr.io`;
  }
  throw new Error(`registry: ${registry.kind} must go with the cluster of its cloud, got ${cluster.kind}`);
}
