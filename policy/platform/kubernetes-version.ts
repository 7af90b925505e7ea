import { z } from "zod";
import { AKS_VERSIONS } from "../../components/azure/cluster/aks-versions.ts";
import { EKS_VERSIONS } from "../../components/aws/cluster/eks-versions.ts";
import { GKE_VERSIONS } from "../../components/gcp/cluster/gke-versions.ts";
import { rule } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";

interface Managed {
  type: RegExp;
  path: string;
  service: string;
  /** Minor version → last day of standard support. */
  ends: Readonly<Record<string, string>>;
}

function ends(versions: Readonly<Record<string, { standardSupportEnds: string }>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(versions).map(([version, { standardSupportEnds }]) => [version, standardSupportEnds]),
  );
}

const MANAGED: readonly Managed[] = [
  { type: /^aws:eks\/cluster:Cluster$/, path: "version", service: "EKS", ends: ends(EKS_VERSIONS) },
  {
    type: /^gcp:container\/cluster:Cluster$/,
    path: "minMasterVersion",
    service: "GKE",
    ends: ends(GKE_VERSIONS),
  },
  {
    type: /^azure-native:containerservice:ManagedCluster$/,
    path: "kubernetesVersion",
    service: "AKS",
    ends: AKS_VERSIONS,
  },
];

/** Why a version is out of support on a day; undefined while it is in support, and for one newer than the table. */
export function unsupported(
  version: string,
  table: Readonly<Record<string, string>>,
  day: string,
): string | undefined {
  const minor = /^\d+\.(\d+)/.exec(version);
  if (!minor) return undefined; // an alias, such as `latest`
  const end = table[minor[0]];
  if (end !== undefined) return end < day ? `support of ${minor[0]} ended on ${end}` : undefined;
  const newest = Math.max(...Object.keys(table).map((known) => Number(known.split(".")[1])));
  return Number(minor[1]) > newest ? undefined : `${minor[0]} is no longer in standard support`;
}

export const versionRules: ResourceRule[] = [
  rule({
    name: "platform-kubernetes-version",
    title: "Kubernetes is a version in standard support",
    severity: "high",
    source: ["CKV_AWS_339"],
    fix: "upgrade the cluster, one minor version after the other",
    types:
      /^(aws:eks\/cluster:Cluster|gcp:container\/cluster:Cluster|azure-native:containerservice:ManagedCluster)$/,
    config: {
      /** Days that support has to last at the least. */
      minDays: z.number().int().min(0).default(0),
    },
    check: ({ type, properties }, report, { minDays }, { today }) => {
      const managed = MANAGED.find((candidate) => candidate.type.test(type));
      const { text } = properties.at(managed?.path ?? "");
      if (managed === undefined || text === undefined) return;
      const day = new Date(Date.parse(today) + minDays * 86_400_000).toISOString().slice(0, 10);
      const why = unsupported(text, managed.ends, day);
      if (why !== undefined) report(`${managed.path} ${text} of ${managed.service}: ${why}`);
    },
  }),
];
