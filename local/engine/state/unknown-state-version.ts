/** The state file of a stack has a form that this engine does not know. It is not damaged. */
export class UnknownStateVersion extends Error {
  readonly reason: string;
  /** How to mend it. */
  readonly fix: string;

  constructor(file: string, { known, found }: { known: number; found: number }) {
    const reason = `${file}: version must be ${known}, got ${found}: another version of Pulumi wrote it`;
    const fix =
      "use the version of Slipway that wrote it, or put the pulumi CLI that wrote it on the PATH; do not delete the file";
    super(`${reason}; ${fix}`);
    this.name = "UnknownStateVersion";
    this.reason = reason;
    this.fix = fix;
  }
}
