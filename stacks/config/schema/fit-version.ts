import { EKS_DEFAULT_VERSION, EKS_VERSIONS } from "../../../components/aws/cluster/eks-versions.ts";
import { AKS_VERSIONS } from "../../../components/azure/cluster/aks-versions.ts";
import { GKE_VERSIONS } from "../../../components/gcp/cluster/gke-versions.ts";
import type { ClusterConfig, EksConfig } from "./cluster.ts";
import type { Refuse } from "./refuse.ts";

/** Kind of a managed cluster → versions of Kubernetes that its component accepts. */
const VERSIONS = {
  eks: Object.keys(EKS_VERSIONS),
  gke: Object.keys(GKE_VERSIONS),
  aks: Object.keys(AKS_VERSIONS),
} as const;

/** Refuses a version of Kubernetes that the cloud does not support, and a pinned node image of another version. */
export function fitVersion(cluster: ClusterConfig, refuse: Refuse): void {
  if (cluster.kind === "eks") fitNodeReleases(cluster, refuse);
  if (cluster.kind === "existing" || cluster.version === undefined) return;
  const supported = VERSIONS[cluster.kind];
  if (!supported.includes(cluster.version))
    refuse(
      ["cluster", "version"],
      `must be a version of Kubernetes that ${cluster.kind.toUpperCase()} supports: ${supported.join(", ")}`,
    );
}

/** The release of a Neuron node image begins with its version of Kubernetes. That of Bottlerocket does not: each has images for all versions. */
function fitNodeReleases({ version = EKS_DEFAULT_VERSION, ...cluster }: EksConfig, refuse: Refuse): void {
  const neuron = cluster.nodeReleases?.neuron;
  if (
    neuron !== undefined &&
    Object.keys(cluster.neuronPools).length > 0 &&
    !neuron.startsWith(`${version}.`)
  )
    refuse(
      ["cluster", "nodeReleases", "neuron"],
      `must be a release for Kubernetes ${version}, the version of the cluster`,
      "npm run patch -- --stack NAME, with the name of this stack, writes the newest one; without the line, nodes get it when their Kubernetes changes",
    );
}
