/** Zone letters of regions where not every account has a, b and c. @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html */
const LETTERS: Record<string, readonly string[]> = {
  "ap-northeast-1": ["a", "c", "d"],
};

/**
 * Zone ids of regions in which EKS refuses one zone. A zone's name stands for another zone in each account, so the zones of these
 * regions have to be chosen by id.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 */
const IDS: Record<string, readonly [string, string, string]> = {
  "us-east-1": ["use1-az1", "use1-az2", "use1-az4"],
  "ca-central-1": ["cac1-az1", "cac1-az2", "cac1-az4"],
};

/** Zones in which EKS creates no cluster. */
export const ZONES_WITHOUT_EKS: readonly string[] = ["use1-az3", "usw1-az2", "cac1-az3"];

/** Regions in which most accounts have fewer than three zones. */
export const REGIONS_WITH_FEW_ZONES: readonly string[] = ["us-west-1"];

/** Abbreviations of directions in the ids of zones. */
const DIRECTIONS: Record<string, string> = {
  north: "n",
  south: "s",
  east: "e",
  west: "w",
  central: "c",
  northeast: "ne",
  northwest: "nw",
  southeast: "se",
  southwest: "sw",
};

/** Returns three availability zones of a region that EKS accepts, by name or by id. Throws for a region that has fewer. */
export function awsZones(region: string): readonly [string, string, string] {
  if (REGIONS_WITH_FEW_ZONES.includes(region))
    throw new Error(
      `region must have three availability zones, got ${region}; use us-west-2 or name the zones`,
    );
  const ids = IDS[region];
  if (ids !== undefined) return ids;
  const [first, second, third] = LETTERS[region] ?? ["a", "b", "c"];
  return [`${region}${first}`, `${region}${second}`, `${region}${third}`];
}

/** Whether a zone is given by its id, such as `use1-az1`, and not by its name, such as `us-east-1a`. */
export function isZoneId(zone: string): boolean {
  return /-az\d+$/.test(zone);
}

/** Whether an availability zone, by name or by id, belongs to a region. */
export function isZoneOf(zone: string, region: string): boolean {
  if (!isZoneId(zone)) return zone.slice(0, -1) === region;
  const parts = region.split("-").map((part) => DIRECTIONS[part] ?? (part === "gov" ? "g" : part));
  return zone.split("-az")[0] === parts.join("");
}
