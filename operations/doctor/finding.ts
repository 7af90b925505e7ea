/** One thing that a first `up` needs, and how it is. */
export interface Finding {
  /** What was looked at, such as `vCPUs of G and VT instances, spot`. */
  subject: string;
  /** `unknown` where nobody could be asked, such as without the right to ask. */
  state: "ok" | "wrong" | "unknown";
  found: string;
  needed: string;
  /** Command or edit that mends it. */
  fix?: string;
}

/** A group of findings that need the same answers. */
export interface Check {
  title: string;
  /** How many of its first findings all that follows needs, such as a login and then a project. @default 1 */
  required?: number;
  run: () => Promise<Finding[]>;
}

/** Returns a finding for a number that has to reach what is needed. */
export function enough(
  subject: string,
  { limit, inUse = 0, needed, later = needed }: Amounts,
  fix: string,
): Finding {
  const free = limit - inUse;
  const found = inUse === 0 ? String(limit) : `${limit}, of which ${inUse} in use`;
  const wanted = later > needed ? `${needed} at first, ${later} when all pools are full` : String(needed);
  if (free < needed) return { subject, state: "wrong", found, needed: wanted, fix };
  if (free < later)
    return { subject, state: "wrong", found: `${found}: enough for the first up alone`, needed: wanted, fix };
  return { subject, state: "ok", found, needed: wanted };
}

export interface Amounts {
  /** The most that the account may have. */
  limit: number;
  /** What others use of it. @default 0 */
  inUse?: number;
  /** What the first `up` takes. */
  needed: number;
  /** What the stack takes when every pool is at its maximum. @default - `needed` */
  later?: number;
}
