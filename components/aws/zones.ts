/** Regions whose zones are not a, b and c for every account. @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html */
const LETTERS: Record<string, readonly string[]> = {
  "ap-northeast-1": ["a", "c", "d"],
  "ca-central-1": ["a", "b", "d"],
};

/** Regions with fewer than three zones for most accounts. */
const TOO_FEW = ["us-west-1"];

/** Names of three availability zones of a region. Throws for a region that has fewer. */
export function awsZones(region: string): [string, string, string] {
  if (TOO_FEW.includes(region))
    throw new Error(
      `region must have three availability zones, got ${region}; use us-west-2 or name the zones`,
    );
  const [first, second, third] = LETTERS[region] ?? ["a", "b", "c"];
  return [`${region}${first}`, `${region}${second}`, `${region}${third}`];
}
