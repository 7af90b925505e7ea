/**
 * The request names something that does not exist, or does not fit the stack. Nothing was done. A command that throws it ends
 * with exit code 2.
 */
export class WrongRequest extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "WrongRequest";
  }
}
