/** Zone letters of regions where not every account has a, b and c. @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html */
const LETTERS: Record<string, readonly string[]> = {
  "ap-northeast-1": ["a", "c", "d"],
  "ca-central-1": ["a", "b", "d"],
};

/** Regions in which most accounts have fewer than three zones. */
const TOO_FEW = ["us-west-1"];

/** Returns the names of three availability zones of a region. Throws for a region that has fewer. */
export function awsZones(region: string): [string, string, string] {
  if (TOO_FEW.includes(region))
    throw new Error(
      `region must have three availability zones, got ${region}; use us-west-2 or name the zones`,
    );
  const [first, second, third] = LETTERS[region] ?? ["a", "b", "c"];
  return [`${region}${first}`, `${region}${second}`, `${region}${third}`];
}
