import { WrongRequest } from "../wrong-request.ts";

/** The state of the stacks cannot be read with this environment. */
export class BackendError extends WrongRequest {
  readonly reason: string;
  /** How to mend it. */
  readonly fix: string;

  constructor(reason: string, fix: string) {
    super(`${reason}: ${fix}`);
    this.name = "BackendError";
    this.reason = reason;
    this.fix = fix;
  }
}
