import { WrongRequest } from "./wrong-request.ts";

/** Returns the error for a command about models that names a foundation. */
export function foundationRequest(stack: string, platforms: readonly string[] = []): WrongRequest {
  const names = platforms.length === 0 ? "" : ` (${platforms.join(", ")})`;
  return new WrongRequest(
    `--stack ${stack}: it is a foundation, which has no models: name the stack of the platform on it${names}`,
  );
}
