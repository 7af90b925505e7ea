import { AKS_VERSIONS } from "../../components/azure/cluster/aks-versions.ts";
import { EKS_VERSIONS } from "../../components/aws/cluster/eks-versions.ts";
import { GKE_VERSIONS } from "../../components/gcp/cluster/gke-versions.ts";

export interface ManagedKubernetes {
  service: "EKS" | "GKE" | "AKS";
  /** Path of the input with the version. */
  path: string;
  /** Last day of standard support by minor version. */
  supportEnds: Readonly<Record<string, string>>;
}

/** Managed Kubernetes services by resource type of the cluster. */
export const MANAGED_KUBERNETES: Readonly<Record<string, ManagedKubernetes>> = {
  "aws:eks/cluster:Cluster": { service: "EKS", path: "version", supportEnds: supportEnds(EKS_VERSIONS) },
  "gcp:container/cluster:Cluster": {
    service: "GKE",
    path: "minMasterVersion",
    supportEnds: supportEnds(GKE_VERSIONS),
  },
  "azure-native:containerservice:ManagedCluster": {
    service: "AKS",
    path: "kubernetesVersion",
    supportEnds: AKS_VERSIONS,
  },
};

function supportEnds(
  versions: Readonly<Record<string, { standardSupportEnds: string }>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(versions).map(([version, { standardSupportEnds }]) => [version, standardSupportEnds]),
  );
}

/** Returns the reason why a version is out of support on a day; undefined if it is supported, or newer than the table. */
export function unsupported(
  version: string,
  table: Readonly<Record<string, string>>,
  day: string,
): string | undefined {
  const minor = /^v?(\d+\.(\d+))/.exec(version);
  if (minor?.[1] === undefined) return undefined; // an alias, such as `latest`
  const end = table[minor[1]];
  if (end !== undefined) return end < day ? `support of ${minor[1]} ended on ${end}` : undefined;
  const newest = Math.max(...Object.keys(table).map((known) => Number(known.split(".")[1])));
  return Number(minor[2]) > newest ? undefined : `${minor[1]} is no longer in standard support`;
}
