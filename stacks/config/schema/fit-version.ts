import { EKS_VERSIONS } from "../../../components/aws/cluster/eks-versions.ts";
import { AKS_VERSIONS } from "../../../components/azure/cluster/aks-versions.ts";
import { GKE_VERSIONS } from "../../../components/gcp/cluster/gke-versions.ts";
import type { ClusterConfig } from "./cluster.ts";
import type { Refuse } from "./refuse.ts";

/** Kind of a managed cluster → versions of Kubernetes that its component accepts. */
const VERSIONS = {
  eks: Object.keys(EKS_VERSIONS),
  gke: Object.keys(GKE_VERSIONS),
  aks: Object.keys(AKS_VERSIONS),
} as const;

/** Refuses a version of Kubernetes that the cloud does not support. */
export function fitVersion(cluster: ClusterConfig, refuse: Refuse): void {
  if (cluster.kind === "existing" || cluster.version === undefined) return;
  const supported = VERSIONS[cluster.kind];
  if (!supported.includes(cluster.version))
    refuse(
      ["cluster", "version"],
      `must be a version of Kubernetes that ${cluster.kind.toUpperCase()} supports: ${supported.join(", ")}`,
    );
}
