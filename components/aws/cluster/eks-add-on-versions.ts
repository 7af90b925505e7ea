/** Add-ons of EKS that the stack installs. */
export const EKS_ADD_ONS = [
  "vpc-cni",
  "kube-proxy",
  "coredns",
  "aws-ebs-csi-driver",
  "metrics-server",
  "eks-node-monitoring-agent",
  "amazon-cloudwatch-observability",
] as const;
export type EksAddOnName = (typeof EKS_ADD_ONS)[number];

/** Versions that replace those of the table, by add-on. */
export type EksAddOnVersions = Partial<Record<EksAddOnName, string>>;

/** Versions that do not depend on the version of the cluster. */
const EVERY_CLUSTER = {
  "vpc-cni": "v1.22.4-eksbuild.3",
  "aws-ebs-csi-driver": "v1.63.1-eksbuild.1",
  "eks-node-monitoring-agent": "v1.7.0-eksbuild.1",
  "amazon-cloudwatch-observability": "v6.2.0-eksbuild.1",
} as const;

/**
 * Version of each add-on by the minor version of Kubernetes, as clusters ran them in autumn 2026. Without a pinned version EKS
 * takes its default once and never moves it. After an edit here, or of `cluster.version`, the next `up` moves the add-ons. List
 * the versions with `aws eks describe-addon-versions --kubernetes-version 1.36 --addon-name coredns`.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeAddonVersions.html
 */
export const EKS_ADD_ON_VERSIONS: Readonly<Record<string, Readonly<Record<EksAddOnName, string>>>> = {
  "1.34": {
    ...EVERY_CLUSTER,
    "kube-proxy": "v1.34.6-eksbuild.21",
    coredns: "v1.12.4-eksbuild.29",
    "metrics-server": "v0.9.0-eksbuild.7",
  },
  "1.35": {
    ...EVERY_CLUSTER,
    "kube-proxy": "v1.35.3-eksbuild.21",
    coredns: "v1.13.2-eksbuild.21",
    "metrics-server": "v0.9.0-eksbuild.7",
  },
  "1.36": {
    ...EVERY_CLUSTER,
    "kube-proxy": "v1.36.0-eksbuild.25",
    coredns: "v1.14.3-eksbuild.23",
    "metrics-server": "v0.9.0-eksbuild.11",
    "eks-node-monitoring-agent": "v1.7.2-eksbuild.1",
  },
};

/** Returns the version of an add-on: the given one, or the one of the table. Throws if the table lacks the version of Kubernetes. */
export function eksAddOnVersion(
  addOn: EksAddOnName,
  kubernetes: string,
  given: EksAddOnVersions = {},
): string {
  const version = given[addOn] ?? EKS_ADD_ON_VERSIONS[kubernetes]?.[addOn];
  if (version === undefined)
    throw new Error(
      `${addOn}: version must be known for Kubernetes ${kubernetes}, got none; add it to EKS_ADD_ON_VERSIONS`,
    );
  return version;
}
