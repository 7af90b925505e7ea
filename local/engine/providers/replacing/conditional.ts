import type { PropertyMap, PropertyValue } from "../../values/property-value.ts";
import type { Difference } from "../../values/difference.ts";

type Value = PropertyValue | undefined;

/** A property that replaces a resource only for some changes of it. */
interface Condition {
  type: string;
  path: string;
  replaces: (old: Value, now: Value, olds: PropertyMap, news: PropertyMap) => boolean;
}

const turnedOff = (old: Value, now: Value): boolean => old === true && now !== true;
const goesDown = (old: Value, now: Value): boolean =>
  typeof old === "string" && typeof now === "string" && compareVersions(old, now) > 0;

/**
 * Replacements that the providers decide in CustomizeDiff rather than by ForceNew, from the same sources as the tables beside
 * this file. Inferred from a function's name: the change from Valkey to Redis. From memory: `instanceTenancy`.
 */
export const CONDITIONS: readonly Condition[] = [
  {
    type: "aws:ec2/subnet:Subnet",
    path: "ipv6CidrBlock",
    replaces: (_old, _now, olds) => olds["assignIpv6AddressOnCreation"] === true,
  },
  {
    type: "aws:ec2/vpc:Vpc",
    path: "instanceTenancy",
    replaces: (old, now) => !(old === "dedicated" && (now === "default" || now === undefined)),
  },
  {
    type: "aws:ec2/vpcEndpoint:VpcEndpoint",
    path: "privateDnsEnabled",
    replaces: (_old, _now, _olds, news) => news["vpcEndpointType"] !== "Interface",
  },
  {
    // Encryption of secrets can be turned on, never off.
    type: "aws:eks/cluster:Cluster",
    path: "encryptionConfig",
    replaces: (_old, now) => now === undefined,
  },
  {
    type: "aws:eks/cluster:Cluster",
    path: "computeConfig.nodeRoleArn",
    replaces: (old) => old !== undefined,
  },
  {
    type: "aws:elasticache/replicationGroup:ReplicationGroup",
    path: "engine",
    replaces: (old, now) => old === "valkey" && now !== "valkey",
  },
  {
    type: "aws:elasticache/replicationGroup:ReplicationGroup",
    path: "engineVersion",
    replaces: goesDown,
  },
  {
    type: "aws:elasticache/replicationGroup:ReplicationGroup",
    path: "transitEncryptionEnabled",
    replaces: (_old, _now, olds) =>
      typeof olds["engineVersion"] === "string" && compareVersions(olds["engineVersion"], "7.0.5") < 0,
  },
  {
    // It can grow in place.
    type: "gcp:compute/subnetwork:Subnetwork",
    path: "ipCidrRange",
    replaces: (old, now) => typeof old === "string" && typeof now === "string" && !holdsRange(now, old),
  },
  { type: "gcp:container/cluster:Cluster", path: "enableL4IlbSubsetting", replaces: turnedOff },
  { type: "gcp:container/cluster:Cluster", path: "enableFqdnNetworkPolicy", replaces: turnedOff },
  { type: "gcp:redis/instance:Instance", path: "redisVersion", replaces: goesDown },
  { type: "gcp:storage/bucket:Bucket", path: "retentionPolicy.isLocked", replaces: turnedOff },
];

/** Returns the changed paths that replace a resource of this type because of their new value. */
export function conditionalPaths(
  type: string,
  changes: readonly Difference[],
  olds: PropertyMap,
  news: PropertyMap,
): string[] {
  const conditions = CONDITIONS.filter((condition) => condition.type === type);
  return changes
    .filter(({ path, old, new: now }) =>
      conditions.some((condition) => condition.path === path && condition.replaces(old, now, olds, news)),
    )
    .map(({ path }) => path);
}

/** Returns a number below 0 if `a` is the older of two versions such as `7.1` or `REDIS_7_2`; a missing part counts as 0. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => (version.match(/\d+/g) ?? []).map(Number));
  for (let i = 0; i < Math.max(left!.length, right!.length); i++) {
    const difference = (left![i] ?? 0) - (right![i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** True if an IPv4 range such as `10.0.0.0/16` contains another. False if one of them is not a range. */
function holdsRange(outer: string, inner: string): boolean {
  const [around, within] = [parseRange(outer), parseRange(inner)];
  return (
    around !== undefined && within !== undefined && around.first <= within.first && within.last <= around.last
  );
}

function parseRange(cidr: string): { first: number; last: number } | undefined {
  const [, a, b, c, d, bits] = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr)?.map(Number) ?? [];
  if (a === undefined || b === undefined || c === undefined || d === undefined || bits === undefined)
    return undefined;
  const size = 2 ** (32 - bits);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const first = address - (address % size);
  return { first, last: first + size - 1 };
}
