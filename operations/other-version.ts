/** A stack was deployed by another version of Slipway, so its outputs have another form. */
export class OtherVersion extends Error {
  readonly reason: string;
  /** How to mend it. */
  readonly fix: string;

  /**
   * @param keys - outputs whose form differs
   * @param deploy - command that deploys the stack
   */
  constructor(stack: string, { keys, deploy }: { keys: readonly string[]; deploy: string }) {
    const reason = `stack ${stack} was deployed by another version of Slipway (outputs that differ: ${keys.join(", ")})`;
    // A deployment by an older version would take back what the newer one has changed.
    const fix = `if that version is newer, update this checkout; if it is older, run ${deploy}`;
    super(`${reason}; ${fix}`);
    this.name = "OtherVersion";
    this.reason = reason;
    this.fix = fix;
  }
}
