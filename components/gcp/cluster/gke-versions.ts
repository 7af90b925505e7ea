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

/** The default version of new clusters in the Regular channel. */
export const GKE_DEFAULT_VERSION = "1.35";

/** Returns the version if GKE supports it. Otherwise throws with the supported versions. */
export function gkeVersion(version: string, owner: string): string {
  if (!(version in GKE_VERSIONS))
    throw new Error(
      `${owner}: version must be one of ${Object.keys(GKE_VERSIONS).join(", ")}, got ${version}; ` +
        `see https://cloud.google.com/kubernetes-engine/docs/release-schedule`,
    );
  return version;
}
