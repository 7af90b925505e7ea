import type { Answer, CloudCli } from "../../../operations/doctor/cloud-cli.ts";

/**
 * Answers as a cloud's command line does: the first words of a call → its JSON, or the text of its failure. The forms are
 * those that the clouds' references document; nothing here has asked a real account.
 */
export function fakeCloudCli(answers: Readonly<Record<string, unknown>>): CloudCli {
  return async (args): Promise<Answer> => {
    const line = args.join(" ");
    const known = Object.keys(answers)
      .filter((words) => line.startsWith(words))
      .sort((a, b) => b.length - a.length)[0];
    if (known === undefined)
      return { ok: false, missing: false, reason: `AccessDenied: ${line.split(" --")[0] ?? ""}` };
    const json = answers[known];
    if (json instanceof Error) return { ok: false, missing: false, reason: json.message };
    return { ok: true, json };
  };
}

/** `state subject: found` of each finding. */
export function lines(findings: readonly { state: string; subject: string; found: string }[]): string[] {
  return findings.map(({ state, subject, found }) => `${state} ${subject}: ${found}`);
}
