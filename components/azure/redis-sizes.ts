/** Balanced sizes of Azure Managed Redis with their memory in GiB, from small to large. @see https://learn.microsoft.com/azure/redis/overview#choosing-the-right-tier */
const BALANCED: readonly (readonly [gib: number, sku: string])[] = [
  [0.5, "Balanced_B0"],
  [1, "Balanced_B1"],
  [3, "Balanced_B3"],
  [6, "Balanced_B5"],
  [12, "Balanced_B10"],
  [24, "Balanced_B20"],
  [60, "Balanced_B50"],
  [120, "Balanced_B100"],
];

/** Returns the smallest balanced size with at least `memoryGib`. Throws if there is none; `what` names owner and field. */
export function azureRedisSize(memoryGib: number, what: string): string {
  const found = BALANCED.find(([gib]) => gib >= memoryGib);
  if (found === undefined || !(memoryGib > 0))
    throw new Error(
      `${what} must be more than 0 and at most ${BALANCED.at(-1)?.[0]}, got ${memoryGib}; name a machine that has more`,
    );
  return found[1];
}
