/** Renames the field `booster` of older artifacts to `candidate`. */
export function boosterAsCandidate(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("booster" in value)) return value;
  const { booster, ...rest } = value;
  return { ...rest, candidate: booster };
}
