/**
 * Minor versions of Kubernetes in GKE's Regular channel, November 2026, each with the day on which its standard
 * support ends: 14 months after it came to that channel, where Google's schedule names no day yet.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/release-schedule
 */
export const GKE_VERSIONS: Readonly<Record<string, { standardSupportEnds: string }>> = {
  "1.34": { standardSupportEnds: "2026-11-30" },
  "1.35": { standardSupportEnds: "2027-04-11" },
  "1.36": { standardSupportEnds: "2027-09-14" },
};

/** What Google creates clusters with in the Regular channel. */
export const GKE_DEFAULT_VERSION = "1.35";

/** A version that GKE has. Throws for any other, with those that it has. */
export function gkeVersion(version: string, owner: string): string {
  if (!(version in GKE_VERSIONS))
    throw new Error(
      `${owner}: version must be one of ${Object.keys(GKE_VERSIONS).join(", ")}, got ${version}; ` +
        `https://cloud.google.com/kubernetes-engine/docs/release-schedule says what is supported`,
    );
  return version;
}
