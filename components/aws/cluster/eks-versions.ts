/** A version of Kubernetes on EKS. */
export interface EksVersion {
  /** Last day of standard support. Afterwards AWS upgrades the cluster, because of its `upgradePolicy`. */
  standardSupportEnds: string;
}

/**
 * Versions that EKS offers in standard support, November 2026.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html#kubernetes-release-calendar
 */
export const EKS_VERSIONS: Readonly<Record<string, EksVersion>> = {
  "1.34": { standardSupportEnds: "2026-12-02" },
  "1.35": { standardSupportEnds: "2027-03-27" },
  "1.36": { standardSupportEnds: "2027-08-02" },
};

/** The version with the most support time left. */
export const EKS_DEFAULT_VERSION = "1.36";

const DAY_MS = 24 * 60 * 60 * 1000;
const WARN_DAYS = 90;

/** Returns the given version, or the default. Throws for an unknown version; `owner` names the component in the error. */
export function eksVersion(wanted: string | undefined, owner: string): string {
  const version = wanted ?? EKS_DEFAULT_VERSION;
  if (!(version in EKS_VERSIONS))
    throw new Error(
      `${owner}: version must be one that EKS supports (${Object.keys(EKS_VERSIONS).join(", ")}), got ${version}`,
    );
  return version;
}

/** Returns a warning when the standard support of a version ends in less than 90 days; otherwise undefined. */
export function eksSupportWarning(version: string, today: Date): string | undefined {
  const ends = EKS_VERSIONS[version]?.standardSupportEnds;
  if (ends === undefined) return undefined;
  const days = Math.floor((Date.parse(ends) - today.getTime()) / DAY_MS);
  if (days >= WARN_DAYS) return undefined;
  const when = days < 0 ? `ended on ${ends}` : `ends on ${ends}, in ${days} days`;
  return `Kubernetes ${version}: standard support ${when}; set cluster.version to a later one (${laterThan(version).join(", ") || "none is known"})`;
}

function laterThan(version: string): string[] {
  const known = Object.keys(EKS_VERSIONS);
  return known.slice(known.indexOf(version) + 1);
}
