/**
 * An expected failure: `code` for programs, `status` for HTTP, and a message with owner, rule, value and fix. Any other error is a
 * defect of the program.
 */
export class RuntimeFault extends Error {
  /** Such as `bad-input`. */
  readonly code: string;
  /** HTTP status that a server answers with. */
  readonly status: number;

  constructor(code: string, status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "RuntimeFault";
    this.code = code;
    this.status = status;
  }
}

/** The caller sent something that breaks a rule. */
export class BadInput extends RuntimeFault {
  constructor(message: string, options?: ErrorOptions) {
    super("bad-input", 400, message, options);
    this.name = "BadInput";
  }
}

/** What was asked for does not exist. */
export class NotFound extends RuntimeFault {
  constructor(message: string, options?: ErrorOptions) {
    super("not-found", 404, message, options);
    this.name = "NotFound";
  }
}

/** A rule forbids the step, such as packaging a model that did not pass its gate. */
export class Refused extends RuntimeFault {
  constructor(message: string, options?: ErrorOptions) {
    super("refused", 409, message, options);
    this.name = "Refused";
  }
}

/** Bytes do not match their digest or their schema. */
export class Corrupt extends RuntimeFault {
  constructor(message: string, options?: ErrorOptions) {
    super("corrupt", 500, message, options);
    this.name = "Corrupt";
  }
}

/** A service that this process depends on did not answer; a retry may help. */
export class Unavailable extends RuntimeFault {
  constructor(message: string, options?: ErrorOptions) {
    super("unavailable", 503, message, options);
    this.name = "Unavailable";
  }
}

/** Returns the message of an error, or of any other thrown value, with the messages of its causes. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : describeError(error.cause);
  return cause === "" || error.message.includes(cause) ? error.message : `${error.message}: ${cause}`;
}
