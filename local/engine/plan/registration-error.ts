/** A request of the program that cannot be carried out; the SDK reports it at the program's own line. */
export class RegistrationError extends Error {}
