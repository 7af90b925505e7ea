import { WrongRequest } from "../operations/wrong-request.ts";

/** The command line is wrong: the command's help shows how to write it. The message has a line for each fault. */
export class UsageError extends WrongRequest {
  constructor(faults: readonly string[]) {
    super(faults.join("\n  "));
    this.name = "UsageError";
  }
}
