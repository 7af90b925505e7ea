/** The share of the requests that one variant gets. */
export interface TrafficShare {
  /** Unique in the list. */
  name: string;
  /** Percent of all requests: a whole number from 0 to 100. */
  weight: number;
}

/** Rules for a list of shares, and its name in error messages. */
export interface TrafficRule {
  /** Owner and field, such as `pushback: variants`. */
  field: string;
  /** Pattern of a valid name. @default - any name that is not empty */
  pattern?: RegExp;
  /** `pattern` in words, for error messages. */
  rule?: string;
  /** Greatest number of entries. @default - any number */
  max?: number;
}

/** Throws if the list is empty, a name is not valid or not unique, or the weights are not whole percents that total 100. */
export function checkTraffic(
  shares: readonly TrafficShare[],
  { field, pattern, rule, max }: TrafficRule,
): void {
  if (shares.length === 0) throw new Error(`${field} must have at least one entry, got none`);
  if (max !== undefined && shares.length > max)
    throw new Error(`${field} must have at most ${max} entries, got ${shares.length}`);
  const seen = new Set<string>();
  for (const { name, weight } of shares) {
    if (name === "" || pattern?.test(name) === false)
      throw new Error(`${field}: name must be ${rule ?? "set"}, got ${JSON.stringify(name)}`);
    if (seen.has(name)) throw new Error(`${field} must have unique names, got ${JSON.stringify(name)} twice`);
    seen.add(name);
    if (!Number.isInteger(weight) || weight < 0 || weight > 100)
      throw new Error(`${field}: weight of ${name} must be a whole percent from 0 to 100, got ${weight}`);
  }
  const total = shares.reduce((sum, { weight }) => sum + weight, 0);
  if (total !== 100) {
    const list = shares.map(({ name, weight }) => `${name} ${weight}`).join(", ");
    throw new Error(`${field} must have weights that total 100, got ${total} (${list})`);
  }
}
