/** Numbers of nodes of a pool. */
export interface PoolLimits {
  min: number;
  max: number;
}

/**
 * Divides the nodes of a pool over `zones` node groups, as evenly as possible, the first groups first. Throws if a zone would get
 * no node at all; `owner` names the pool in the error.
 */
export function dividePool({ min, max }: PoolLimits, zones: number, owner: string): PoolLimits[] {
  if (max < Math.max(zones, min))
    throw new Error(
      max < min
        ? `${owner}: max must be at least ${min}, got ${max}`
        : `${owner}: max must be at least ${zones}, got ${max}: each zone has nodes of its own, because a volume belongs to one zone`,
    );
  return Array.from({ length: zones }, (_, zone) => ({
    min: part(min, zones, zone),
    max: part(max, zones, zone),
  }));
}

/** Returns the part of a whole number that the zone with this index gets. */
function part(whole: number, zones: number, zone: number): number {
  return Math.floor(whole / zones) + (zone < whole % zones ? 1 : 0);
}
