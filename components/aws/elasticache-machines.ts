/**
 * ElastiCache node types with their memory for data in GiB, from small to large.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html
 */
const MACHINES: readonly (readonly [string, number])[] = [
  ["cache.t4g.small", 1.37],
  ["cache.t4g.medium", 3.09],
  ["cache.m7g.large", 6.38],
  ["cache.r7g.large", 13.07],
  ["cache.r7g.xlarge", 26.32],
  ["cache.r7g.2xlarge", 52.82],
  ["cache.r7g.4xlarge", 105.81],
  ["cache.r7g.8xlarge", 209.55],
  ["cache.r7g.16xlarge", 419.09],
];

/** Returns the smallest node type with at least `memoryGib`. Throws if there is none; `owner` names the component in the error. */
export function elasticacheMachine(memoryGib: number, owner: string): string {
  const found = MACHINES.find(([, memory]) => memory >= memoryGib);
  if (found === undefined)
    throw new Error(
      `${owner}: memoryGib must be at most ${MACHINES.at(-1)?.[1]}, got ${memoryGib}; name a machine that has more`,
    );
  return found[0];
}
