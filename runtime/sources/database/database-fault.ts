import type { DatabaseTable } from "../../contract/sources/database.ts";
import { BadInput, Unavailable, type RuntimeFault } from "../../errors.ts";

/** The fields of a source by which its faults are told. */
export interface DatabaseAddress {
  host: string;
  port: number;
  database: string;
  credentials: { secret: string };
  tls: "verify" | "off";
  statementSeconds: number;
  tables: readonly DatabaseTable[];
}

/** What an error of a database means. `detail` is the database's own text. */
export type DatabaseProblem =
  | { problem: "login" | "database" | "timeout" | "no-tls" }
  | { problem: "rights" | "statement" | "certificate" | "gone"; detail: string };

/** Entries of the Secret, by their names. */
export type Credentials = Readonly<Record<string, string>>;

/** Returns the error for a problem. It has no cause, because errors of drivers may hold the password. */
export function databaseFault(
  found: DatabaseProblem,
  owner: string,
  { host, port, database, credentials: { secret }, tls, statementSeconds }: DatabaseAddress,
  credentials: Credentials,
): RuntimeFault {
  const server = `${host}:${port}`;
  const detail = "detail" in found ? withoutSecrets(found.detail, credentials) : "";
  switch (found.problem) {
    case "login":
      return new BadInput(
        `${owner}: ${server} must accept username and password of the Secret ${secret}, but refuses them; correct the Secret, ` +
          `or the server's rules for this user and ${tls === "off" ? "connections without TLS" : "address"}`,
      );
    case "database":
      return new BadInput(
        `${owner}: database must be one that ${server} has and the user may open, got ${database}; correct it in the workload's definition`,
      );
    case "rights":
      return new BadInput(
        `${owner}: the user of the Secret ${secret} must have the right to read, got: ${detail}; grant SELECT to it`,
      );
    case "statement":
      return new BadInput(
        `${owner}: must be a table or one SELECT that the database accepts, got: ${detail}; correct it in the workload's definition`,
      );
    case "timeout":
      return new BadInput(
        `${owner}: a statement must end within ${statementSeconds} s, but did not; raise statementSeconds, or read fewer rows, such as with a watermark`,
      );
    case "no-tls":
      return new BadInput(
        `${owner}: ${server} must offer TLS, but does not; turn it on in the server or, on a network that you trust, name tls: "off"`,
      );
    case "certificate":
      return new BadInput(
        `${owner}: the certificate of ${server} must be of this host and from a trusted authority, got: ${detail}; ` +
          `add the authority's certificate to the Secret ${secret} as ca.crt, or correct host`,
      );
    case "gone":
      return new Unavailable(
        `${owner}: ${server} does not answer: ${detail}; check host and port, and that pods of the job fetch may reach it`,
      );
  }
}

/** Returns the username and the password of a Secret, and its authority. Throws BadInput for one that lacks them. */
export function loginOf(
  owner: string,
  { secret }: { secret: string },
  credentials: Credentials,
): { username: string; password: string; ca: string | undefined } {
  const { username = "", password = "", "ca.crt": ca } = credentials;
  const missing = Object.entries({ username, password }).flatMap(([name, value]) =>
    value === "" ? [name] : [],
  );
  if (missing.length > 0)
    throw new BadInput(
      `${owner}: the Secret ${secret} must have the entries username and password, lacks ${missing.join(" and ")}`,
    );
  return { username, password, ca };
}

/** Returns a message of a database in one line, without the password, and without the username where it names the user. */
function withoutSecrets(text: string, { username = "", password = "" }: Credentials): string {
  let safe = text.replace(/\s+/g, " ").trim();
  for (const quote of [`'`, `"`, "`"]) safe = safe.replaceAll(`${quote}${username}${quote}`, "***");
  if (password !== "") safe = safe.replaceAll(password, "***");
  return safe.slice(0, 500);
}
