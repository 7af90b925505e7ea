import { WrongRequest } from "../../operations/wrong-request.ts";
import { BadInput } from "../../runtime/errors.ts";

/** Throws a fault of a definition or of data as the request that it came with: exit code 2, for its author to mend. */
export function asWrongRequest(error: unknown): never {
  throw error instanceof BadInput ? new WrongRequest(error.message) : error;
}
