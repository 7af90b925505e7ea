import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Seconds that a token is said to be valid. */
export const TOKEN_SECONDS = 3599;

/** Access tokens of Google, each of a member as IAM names it: `serviceAccount:…`, `user:…`. */
export class GoogleTokens {
  readonly #members = new Map<string, () => string>();

  /** @param member - of the token; a function if it is known later */
  issue(member: string | (() => string)): string {
    const token = `ya29.${randomBytes(24).toString("hex")}`;
    this.#members.set(token, typeof member === "string" ? () => member : member);
    return token;
  }

  memberOf(token: string): string | undefined {
    return this.#members.get(token)?.();
  }

  /** Returns the member whose token a request bears; undefined if it bears none. */
  callerOf({ headers }: IncomingMessage): string | undefined {
    const [, token = ""] = /^Bearer (.+)$/.exec(headers.authorization ?? "") ?? [];
    return this.memberOf(token);
  }
}
