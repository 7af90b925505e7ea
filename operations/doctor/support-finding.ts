import type { Finding } from "./finding.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Days before the end of support from which a version is too old to begin with. */
export const SUPPORT_DAYS = 90;

/** Says whether a version of Kubernetes is supported for 90 days more. `ends` is undefined for one that the cloud does not offer. */
export function supportFinding(options: {
  version: string;
  ends: Date | undefined;
  /** Versions that the cloud offers. */
  others: readonly string[];
  today: Date;
}): Finding {
  const { version, ends, others, today } = options;
  const subject = `Kubernetes ${version}`;
  const needed = `in standard support for ${SUPPORT_DAYS} days more`;
  const newest = [...others].sort((a, b) => minor(b) - minor(a))[0];
  const fix = newest === undefined ? "set cluster.version" : `cluster.version: "${newest}"`;
  if (ends === undefined) return { subject, state: "wrong", found: "not offered", needed, fix };
  const days = Math.floor((ends.getTime() - today.getTime()) / DAY_MS);
  const date = ends.toISOString().slice(0, 10);
  const found = days < 0 ? `ended on ${date}` : `until ${date}, ${days} days`;
  return days >= SUPPORT_DAYS
    ? { subject, state: "ok", found, needed }
    : { subject, state: "wrong", found, needed, fix };
}

const minor = (version: string): number => Number(version.split(".")[1] ?? 0);
