/** Which part of the requests one variant gets. */
export interface TrafficShare {
  /** Unique among its kind. */
  name: string;
  /** Of all requests, in percent: a whole number from 0 to 100. */
  weight: number;
}

/** What a set of shares is called in a message, and what names may look like. */
export interface TrafficRule {
  /** Owner and field, such as `pushback: variants`. */
  what: string;
  /** @default - anything but an empty name */
  pattern?: RegExp;
  /** What `pattern` means, in words. */
  rule?: string;
  /** Variants at most. @default - any number */
  max?: number;
}

/** Throws unless there is a variant, names are unique and valid, and weights are whole percents that total 100. */
export function checkTraffic(
  shares: readonly TrafficShare[],
  { what, pattern, rule, max }: TrafficRule,
): void {
  if (shares.length === 0) throw new Error(`${what} must have at least one entry, got none`);
  if (max !== undefined && shares.length > max)
    throw new Error(`${what} must have at most ${max} entries, got ${shares.length}`);
  const seen = new Set<string>();
  for (const { name, weight } of shares) {
    if (name === "" || pattern?.test(name) === false)
      throw new Error(`${what}: name must be ${rule ?? "set"}, got ${JSON.stringify(name)}`);
    if (seen.has(name)) throw new Error(`${what} must have unique names, got ${JSON.stringify(name)} twice`);
    seen.add(name);
    if (!Number.isInteger(weight) || weight < 0 || weight > 100)
      throw new Error(`${what}: weight of ${name} must be a whole percent from 0 to 100, got ${weight}`);
  }
  const total = shares.reduce((sum, { weight }) => sum + weight, 0);
  if (total !== 100) {
    const list = shares.map(({ name, weight }) => `${name} ${weight}`).join(", ");
    throw new Error(`${what} must have weights that total 100, got ${total} (${list})`);
  }
}
