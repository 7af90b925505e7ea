import { DatabaseError } from "pg";
import type { DatabaseProblem } from "../database/database-fault.ts";
import { networkProblem } from "../database/network-problem.ts";

/** Errors that pass: no connection, too little of something, an end by the administrator, a conflict with another transaction. */
const PASSES = /^(08|53|57P|58|40|55P03|72)/;

/**
 * Returns what an error of PostgreSQL, or of the way to it, means; undefined for any other.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function postgresProblem(error: unknown): DatabaseProblem | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.message === "The server does not support SSL connections") return { problem: "no-tls" };
  // A password of a form that the server's method cannot use.
  if (error.message.startsWith("SASL: SCRAM")) return { problem: "login" };
  if (!(error instanceof DatabaseError)) return networkProblem(error);
  const { code = "", message, hint } = error;
  if (code.startsWith("28")) return { problem: "login" };
  if (code === "3D000") return { problem: "database" };
  if (code === "42501")
    return message.includes("for database")
      ? { problem: "database" }
      : { problem: "rights", detail: message };
  if (code === "57014") return { problem: "timeout" };
  if (PASSES.test(code)) return { problem: "gone", detail: message };
  return { problem: "statement", detail: hint === undefined ? message : `${message} (${hint})` };
}
