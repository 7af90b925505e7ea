/** Reads artifacts that call their candidate `booster`, as all did whose training ended with LightGBM's own file. */
export function boosterAsCandidate(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("booster" in value)) return value;
  const { booster, ...rest } = value;
  return { ...rest, candidate: booster };
}
