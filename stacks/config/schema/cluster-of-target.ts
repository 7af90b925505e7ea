import type { ManagedClusterConfig } from "./cluster.ts";
import type { TargetKind } from "./target.ts";

/** Target → kind of the cluster of the same cloud. */
export const CLUSTER_OF_TARGET: Record<TargetKind, ManagedClusterConfig["kind"]> = {
  sagemaker: "eks",
  lambda: "eks",
  vertex: "gke",
  "cloud-run": "gke",
  "cloud-functions": "gke",
  "azure-ml": "aks",
  "azure-functions": "aks",
};
