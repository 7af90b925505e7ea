/**
 * Minor versions of Kubernetes in GKE's Regular channel, November 2026, with the last day of their standard support. Where
 * Google's schedule has no day yet, it is 14 months after the version came to the channel.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/release-schedule
 */
export const GKE_VERSIONS: Readonly<Record<string, { standardSupportEnds: string }>> = {
  "1.34": { standardSupportEnds: "2026-11-30" },
  "1.35": { standardSupportEnds: "2027-04-11" },
  "1.36": { standardSupportEnds: "2027-09-14" },
};

/** The version of the Regular channel with the longest standard support. */
export const GKE_DEFAULT_VERSION = "1.36";

const WARN_DAYS = 90;

/** Returns the version if GKE supports it. Otherwise throws with the supported versions. */
export function gkeVersion(version: string, owner: string): string {
  if (!(version in GKE_VERSIONS))
    throw new Error(
      `${owner}: version must be one of ${Object.keys(GKE_VERSIONS).join(", ")}, got ${version}; ` +
        `see https://cloud.google.com/kubernetes-engine/docs/release-schedule`,
    );
  return version;
}

/** Returns a warning if the standard support of a version has ended or ends in less than 90 days; otherwise undefined. */
export function gkeSupportWarning(version: string, today: Date): string | undefined {
  const ends = GKE_VERSIONS[version]?.standardSupportEnds;
  if (ends === undefined) return undefined;
  const days = Math.floor((Date.parse(ends) - today.getTime()) / 86_400_000);
  if (days >= WARN_DAYS) return undefined;
  const when = days < 0 ? `ended on ${ends}` : `ends on ${ends}, in ${days} days`;
  const versions = Object.keys(GKE_VERSIONS);
  const later = versions.slice(versions.indexOf(version) + 1).join(", ") || "none is known";
  return `Kubernetes ${version}: standard support ${when}, and Google upgrades the cluster then; set cluster.version to a later one (${later})`;
}
