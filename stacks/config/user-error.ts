/** An error with a message for the person who runs the stack: what is wrong and how to mend it. A stack trace adds nothing. */
export class UserError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UserError";
  }
}
