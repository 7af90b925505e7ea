import {
  dataLosses,
  isUnchanged,
  type ChangeKind,
  type PolicyReport,
  type PreviewReport,
  type Totals,
} from "./report.ts";

export const SIGNS: Readonly<Record<ChangeKind, string>> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "-",
  read: ">",
};

/** `12 to create, 3 to update, 76 unchanged`. */
export function totalsLine(totals: Totals): string {
  const parts = (["create", "update", "replace", "delete", "read"] as const)
    .filter((kind) => totals[kind] > 0)
    .map((kind) => `${totals[kind]} to ${kind}`);
  if (totals.same > 0) parts.push(`${totals.same} unchanged`);
  return parts.join(", ") || "nothing to do";
}

/** Returns the verdict of the policy packs in one sentence; undefined where none ran. */
export function policyVerdict(policy: PolicyReport | undefined): string | undefined {
  if (policy === undefined) return undefined;
  const policies = policy.packs.reduce((sum, pack) => sum + pack.policies.length, 0);
  const mandatory = mandatoryViolations(policy);
  const advisory = policy.violations.length - mandatory;
  const advice = advisory === 0 ? "" : `, ${count(advisory, "advisory violation")}`;
  if (mandatory > 0) return `policy failed: ${count(mandatory, "mandatory violation")}${advice}`;
  return `policy passed: ${count(policies, "policy", "policies")}${advice}`;
}

export function mandatoryViolations({ violations }: PolicyReport): number {
  return violations.filter(({ enforcement }) => enforcement === "mandatory").length;
}

/** Sorts violations: those that stop a deployment come first. */
export function bySeverity({ violations }: PolicyReport): PolicyReport["violations"] {
  const rank = { mandatory: 0, remediate: 1, advisory: 2 };
  return [...violations].sort((a, b) => rank[a.enforcement] - rank[b.enforcement]);
}

export type PreviewExitCode = 0 | 1 | 3 | 4;

/**
 * Returns the exit code of a preview: 1 for a failure, 3 where only policies refuse the plan, 4 for a change that was not expected,
 * else 0.
 */
export function exitCode(
  { policy, failed, totals }: Pick<PreviewReport, "policy" | "failed" | "totals">,
  { unchanged = false }: { /** Whether no change is expected. @default false */ unchanged?: boolean } = {},
): PreviewExitCode {
  const violated = new Set(
    policy?.violations.flatMap(({ enforcement, urn = "" }) => (enforcement === "mandatory" ? [urn] : [])),
  );
  // A resource that a policy forbids is among the failures too.
  if (failed.some(({ urn }) => !violated.has(urn))) return 1;
  if (violated.size > 0) return 3;
  return unchanged && !isUnchanged({ totals }) ? 4 : 0;
}

/** Returns one line for each data loss of a report. */
export function lossLines(report: PreviewReport): string[] {
  return dataLosses(report).map(
    ({ kind, type, name, loses, replaceReasons, isProtected }) =>
      `${kind} of ${type} ${name} loses ${loses ?? "data"}` +
      (replaceReasons.length > 0 ? ` (because of ${replaceReasons.join(", ")})` : "") +
      (isProtected ? "; it is protected: an up refuses" : ""),
  );
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
