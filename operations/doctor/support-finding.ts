import type { Finding } from "./finding.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Days before the end of support from which a version is too old to begin with. */
export const SUPPORT_DAYS = 90;

export interface SupportOptions {
  /** Minor version of Kubernetes, such as `1.36`. */
  version: string;
  /** Minor versions with the last day of their support, as `2027-06-30`. */
  supported: Readonly<Record<string, string>>;
  /** Versions that the cloud offers there: minor versions, or their patches. */
  offered: readonly string[];
  today: Date;
}

/** Says whether a version of Kubernetes is offered, and supported for 90 days more. */
export function supportFinding({ version, supported, offered, today }: SupportOptions): Finding {
  const subject = `Kubernetes ${version}`;
  const needed = `in standard support for ${SUPPORT_DAYS} days more`;
  const minors = [...new Set(offered.map(minorOf))].sort((a, b) => order(b) - order(a));
  // One that the config knows is better than the newest.
  const newest = minors.find((minor) => minor in supported) ?? minors[0];
  const fix = newest === undefined ? "set cluster.version" : `cluster.version: "${newest}"`;
  if (!minors.includes(minorOf(version)))
    return { subject, state: "wrong", found: `offered: ${minors.join(", ") || "none"}`, needed, fix };
  const date = supported[minorOf(version)];
  if (date === undefined)
    return { subject, state: "unknown", found: "offered, without a day when its support ends", needed };
  const days = Math.floor((Date.parse(date) - today.getTime()) / DAY_MS);
  const found = days < 0 ? `ended on ${date}` : `until ${date}, ${days} days`;
  return days >= SUPPORT_DAYS
    ? { subject, state: "ok", found, needed }
    : { subject, state: "wrong", found, needed, fix };
}

/** `1.36.1-gke.100` → `1.36`. */
const minorOf = (version: string): string => version.split(".").slice(0, 2).join(".");
const order = (minor: string): number => Number(minor.split(".")[1] ?? 0);
