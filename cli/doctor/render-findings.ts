import type { Finding } from "../../operations/doctor/finding.ts";
import { table } from "../table.ts";

/** The findings of one check. */
export interface CheckedGroup {
  title: string;
  findings: Finding[];
}

const MARKS: Readonly<Record<Finding["state"], string>> = { ok: "ok", wrong: "WRONG", unknown: "?" };

/** Renders findings as one table, and below it how to mend each that is wrong. */
export function renderFindings(stack: string, groups: readonly CheckedGroup[]): string {
  const findings = groups.flatMap((group) => group.findings);
  if (findings.length === 0)
    return `stack ${stack} is on a cluster of your own: there is nothing to ask a cloud for`;
  const rows = groups.flatMap((group) =>
    group.findings.map(({ state, subject, found, needed }) => [
      MARKS[state],
      group.title,
      subject,
      found,
      needed,
    ]),
  );
  const fixes = findings.flatMap(({ state, subject, fix }) =>
    state === "ok" || fix === undefined ? [] : [[subject, fix]],
  );
  const count = (state: Finding["state"]): number => findings.filter((each) => each.state === state).length;
  const verdict = `${count("ok")} ok, ${count("wrong")} wrong, ${count("unknown")} not known`;
  return [
    table(["state", "check", "what", "found", "needed"], rows),
    ...(fixes.length === 0 ? [] : ["", table(["what", "fix"], fixes)]),
    "",
    verdict,
  ].join("\n");
}
