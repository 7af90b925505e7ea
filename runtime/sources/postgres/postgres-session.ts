import pg from "pg";
import type { PostgresSource } from "../../contract/sources/postgres.ts";
import { databaseFault, loginOf, type Credentials } from "../database/database-fault.ts";
import type { DatabaseColumn, DatabaseSession } from "../database/database-session.ts";
import { CopyOut } from "./copy-out.ts";
import { postgresProblem } from "./postgres-problem.ts";
import { postgresType } from "./postgres-types.ts";

/** Longest time until the server answers, in milliseconds. */
const CONNECT_MS = 30_000;
/** Values arrive as PostgreSQL writes them. */
const AS_TEXT = { getTypeParser: () => (text: string) => text };

/**
 * Opens a read-only transaction of REPEATABLE READ, whose first statement fixes what it sees.
 *
 * @param signal - ends the connection, also in the middle of a statement
 */
export async function openPostgres(
  source: PostgresSource,
  { owner, credentials, signal }: { owner: string; credentials: Credentials; signal: AbortSignal },
): Promise<DatabaseSession> {
  const { username, password, ca } = loginOf(owner, source.credentials, credentials);
  const client = new pg.Client({
    host: source.host,
    port: source.port,
    database: source.database,
    user: username,
    password,
    ssl: source.tls === "off" ? false : { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) },
    application_name: "slipway",
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: AS_TEXT,
  });
  client.on("error", () => undefined); // the statement that runs fails with it
  const { stream } = (client as unknown as { connection: pg.Connection }).connection;
  const stop = (): void => void stream.destroy(new Error("Connection terminated: the job was told to end"));
  signal.addEventListener("abort", stop, { once: true });
  const fault: DatabaseSession["fault"] = (error, of) => {
    const problem = postgresProblem(error);
    return problem === undefined ? undefined : databaseFault(problem, of, source, credentials);
  };
  const close = async (): Promise<void> => {
    signal.removeEventListener("abort", stop);
    stream.destroy();
    await client.end().catch(() => undefined);
  };
  try {
    signal.throwIfAborted();
    await client.connect();
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    await client.query(settings(source.statementSeconds));
  } catch (error) {
    await close();
    throw fault(error, owner) ?? error;
  }

  return {
    identifier: pg.escapeIdentifier,
    // A prepared statement is one statement: a query that holds another one is refused.
    async describe(from) {
      const { fields } = await client.query({
        text: `SELECT * FROM ${from} LIMIT 0`,
        values: [],
        queryMode: "extended",
      } as pg.QueryConfig);
      const { rows } = await client.query<{ native: string; kind: string }>(
        `SELECT format_type(f.type, f.modifier) AS native, t.typtype AS kind
         FROM unnest($1::oid[], $2::int4[]) WITH ORDINALITY AS f(type, modifier, place) JOIN pg_catalog.pg_type t ON t.oid = f.type
         ORDER BY f.place`,
        [fields.map(({ dataTypeID }) => dataTypeID), fields.map(({ dataTypeModifier }) => dataTypeModifier)],
      );
      return rows.map(({ native, kind }, i): DatabaseColumn => ({
        name: fields[i]?.name ?? "",
        native,
        type: postgresType(native, kind === "e"),
      }));
    },
    async scalar(query) {
      const { rows } = await client.query<(string | null)[]>({ text: query, rowMode: "array" });
      return rows[0]?.[0] ?? undefined;
    },
    async primaryKey(table) {
      const { rows } = await client.query<{ name: string }>({
        text: `SELECT a.attname AS name FROM pg_catalog.pg_index i
          JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
          CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(number, place)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
          WHERE i.indrelid = to_regclass($1) AND i.indisprimary AND k.place <= i.indnkeyatts
            AND (c.relkind = 'p' OR NOT c.relhassubclass) -- tables that inherit from it have rows of their own
          ORDER BY k.place`,
        values: [table.map(pg.escapeIdentifier).join(".")],
      });
      return rows.map(({ name }) => name);
    },
    rowHash: (columns) =>
      `sha256(convert_to(ROW(${columns.map(({ name }) => pg.escapeIdentifier(name)).join(", ")})::text, 'UTF8'))`,
    csv({ columns, from, order, maxRowBytes }) {
      const values = columns.map(({ name, native }) => valueOf(pg.escapeIdentifier(name), native));
      const rows = `SELECT ${["0", ...values].join(", ")} FROM ${from} ORDER BY ${order}`;
      return client.query(new CopyOut(`COPY (${rows}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)`, maxRowBytes));
    },
    fault,
    close,
  };
}

/** A text of fixed length is filled up with blanks, which are no part of its value. */
function valueOf(column: string, native: string): string {
  return /^character(\(|$)/.test(native) ? `${column}::text` : column;
}

/** Texts must not depend on the settings of the server or the user, and a server must notice that the job is gone. */
function settings(statementSeconds: number): string {
  return [
    "SET LOCAL client_encoding = 'UTF8'",
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL extra_float_digits = 3",
    `SET LOCAL statement_timeout = ${statementSeconds * 1000}`,
    "SET LOCAL lock_timeout = 60000",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
    "SELECT set_config(name, '10s', true) FROM pg_catalog.pg_settings WHERE name = 'client_connection_check_interval'",
  ].join("; ");
}
