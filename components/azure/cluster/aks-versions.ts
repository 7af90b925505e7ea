/** Minor versions of Kubernetes that AKS supports, with the last day of their support. @see https://learn.microsoft.com/azure/aks/supported-kubernetes-versions */
export const AKS_VERSIONS: Readonly<Record<string, string>> = {
  "1.34": "2026-11-30",
  "1.35": "2027-03-31",
  "1.36": "2027-06-30",
  "1.37": "2027-10-31",
};

/** The version before the newest: it already has patches, and most of its support time is left. */
export const AKS_DEFAULT_VERSION = "1.36";

const DAY_MS = 24 * 60 * 60 * 1000;
const WARN_DAYS = 90;

/** Returns a warning when the support of a version ends in less than 90 days, or has ended; otherwise undefined. */
export function aksSupportWarning(version: string, today: Date): string | undefined {
  const end = AKS_VERSIONS[version];
  if (end === undefined) return undefined;
  const days = Math.floor((Date.parse(end) - today.getTime()) / DAY_MS);
  if (days >= WARN_DAYS) return undefined;
  const when = days < 0 ? `ended on ${end}; Azure creates no new cluster with it` : `ends on ${end}`;
  const later = Object.keys(AKS_VERSIONS).filter((known) => known > version); // all have two digits
  return `Kubernetes ${version}: support by AKS ${when}; set cluster.version to the next one (${later.join(", ") || "none is known"})`;
}

/** Returns the given version, or the default. Throws for a version that AKS does not support; `what` names owner and field. */
export function aksVersion(version: string | undefined, what: string): string {
  const chosen = version ?? AKS_DEFAULT_VERSION;
  if (!(chosen in AKS_VERSIONS)) {
    const known = Object.entries(AKS_VERSIONS).map(([minor, end]) => `${minor} (until ${end})`);
    throw new Error(`${what} must be one of ${known.join(", ")}, got ${chosen}`);
  }
  return chosen;
}
