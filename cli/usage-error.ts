/** The command line is wrong. The message has a line for each fault. */
export class UsageError extends Error {
  constructor(faults: readonly string[]) {
    super(faults.join("\n  "));
    this.name = "UsageError";
  }
}
