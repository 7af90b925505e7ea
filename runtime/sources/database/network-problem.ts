import type { DatabaseProblem } from "./database-fault.ts";

/** Codes of Node for a host that is not there, or a connection that broke. */
const NETWORK =
  /^(ECONN(REFUSED|RESET|ABORTED)|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN)$/;
const CERTIFICATE =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_|ERR_TLS_CERT_|HOSTNAME_MISMATCH)|^ERR_TLS_CERT_ALTNAME_INVALID$/;
/** Texts of the drivers for a connection that ended. */
const ENDED =
  /^(Connection terminated|timeout expired|connect ETIMEDOUT|Connection lost|Client network socket disconnected|Client has encountered a connection error)/;

/** Returns the problem of an error of the network or of TLS; undefined for any other. */
export function networkProblem(error: unknown): DatabaseProblem | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = "" } = error as NodeJS.ErrnoException;
  if (error instanceof AggregateError && error.errors.length > 0)
    return networkProblem(error.errors[0]) ?? undefined; // a host of several addresses
  if (CERTIFICATE.test(code)) return { problem: "certificate", detail: error.message };
  if (NETWORK.test(code) || ENDED.test(error.message)) return { problem: "gone", detail: error.message };
  if (code.startsWith("ERR_SSL_") || code === "EPROTO") return { problem: "gone", detail: error.message };
  return undefined;
}
