/**
 * A failure that the runtime foresees: `code` for programs, `status` for HTTP, a message that says owner, rule,
 * value and fix. Anything else that is thrown is a defect of ours.
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

/** The step is possible but a rule forbids it, such as packaging a model that its gate refused. */
export class Refused extends RuntimeFault {
  constructor(message: string, options?: ErrorOptions) {
    super("refused", 409, message, options);
    this.name = "Refused";
  }
}

/** Bytes are not what their digest or their schema says. */
export class Corrupt extends RuntimeFault {
  constructor(message: string, options?: ErrorOptions) {
    super("corrupt", 500, message, options);
    this.name = "Corrupt";
  }
}

/** Something that this process depends on did not answer: trying later may help. */
export class Unavailable extends RuntimeFault {
  constructor(message: string, options?: ErrorOptions) {
    super("unavailable", 503, message, options);
    this.name = "Unavailable";
  }
}

/** The message of whatever was thrown, with the messages of its causes. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : describeError(error.cause);
  return cause === "" || error.message.includes(cause) ? error.message : `${error.message}: ${cause}`;
}
