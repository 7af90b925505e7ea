import type { DatabaseProblem } from "../database/database-fault.ts";
import { networkProblem } from "../database/network-problem.ts";

/** Numbers of MySQL's and MariaDB's errors, by what they mean. */
const NUMBERS: readonly (readonly [problem: DatabaseProblem["problem"], numbers: readonly number[]])[] = [
  ["login", [1045, 1130, 1251, 1275, 1524, 1698, 1820, 1862, 3118, 3159, 3948, 4151]],
  ["database", [1044, 1049]],
  ["rights", [1142, 1143, 1227, 1345, 1370, 1356]],
  ["timeout", [1317, 1969, 3024, 1968]],
  // Too many connections, shutdown, locks, a changed table, a full disk, a lost connection.
  ["gone", [1021, 1040, 1053, 1129, 1135, 1203, 1205, 1213, 1226, 1412, 1637, 1927, 2006, 2013, 3168]],
];

/** OpenSSL's and Node's texts. */
const CERTIFICATE = /certificate|altnames|self[- ]signed|issuer/i;

/**
 * Returns what an error of MySQL or MariaDB, or of the way to it, means; undefined for any other.
 *
 * @see https://mariadb.com/kb/en/mariadb-error-code-reference/
 */
export function mysqlProblem(error: unknown): DatabaseProblem | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, errno, sqlMessage } = error as { code?: string; errno?: number; sqlMessage?: string };
  if (code === "HANDSHAKE_NO_SSL_SUPPORT") return { problem: "no-tls" };
  if (code === "HANDSHAKE_SSL_ERROR")
    // the driver puts it in place of OpenSSL's code
    return { problem: CERTIFICATE.test(error.message) ? "certificate" : "gone", detail: error.message };
  if (code?.startsWith("PROTOCOL_") === true || code === "HANDSHAKE_UNKNOWN_ERROR")
    return { problem: "gone", detail: error.message };
  if (code?.startsWith("AUTH_SWITCH_") === true) return { problem: "login" };
  if (sqlMessage === undefined || errno === undefined) return networkProblem(error);
  const found = NUMBERS.find(([, numbers]) => numbers.includes(errno))?.[0] ?? "statement";
  switch (found) {
    case "login":
    case "database":
    case "timeout":
    case "no-tls":
      return { problem: found };
    default:
      return { problem: found, detail: sqlMessage };
  }
}
