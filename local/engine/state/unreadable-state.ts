import { existsSync } from "node:fs";

/** The state file of a stack is damaged. The message never quotes it: a state may hold plain secrets. */
export class UnreadableState extends Error {
  readonly reason: string;
  /** How to mend it. */
  readonly fix: string;

  constructor(file: string, fault: string) {
    const backup = `${file}.bak`; // the pulumi CLI keeps one
    const reason = `${file}: the state ${fault}`;
    const fix = `restore it from ${existsSync(backup) ? backup : "a backup or from version control"}, and do not delete it: the next deployment would create everything again`;
    super(`${reason}; ${fix}`);
    this.name = "UnreadableState";
    this.reason = reason;
    this.fix = fix;
  }
}
