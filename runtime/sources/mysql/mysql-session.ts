import { isIP } from "node:net";
import { createConnection, escapeId, type Connection, type FieldPacket } from "mysql2";
import type { MysqlSource } from "../../contract/sources/mysql.ts";
import { CsvPieces } from "../database/csv-pieces.ts";
import { databaseFault, loginOf, type Credentials } from "../database/database-fault.ts";
import type { CsvRows, DatabaseSession, KeptColumn } from "../database/database-session.ts";
import { mysqlProblem } from "./mysql-problem.ts";
import { mysqlColumn } from "./mysql-types.ts";

/** Longest time until the server answers, in milliseconds. */
const CONNECT_MS = 30_000;
/** Time after its limit in which the server should have ended a statement itself, in milliseconds. */
const GRACE_MS = 30_000;

type Row = (Buffer | null)[];

/**
 * Opens a read-only transaction of REPEATABLE READ with a consistent snapshot.
 *
 * @param signal - ends the connection, also in the middle of a statement
 */
export async function openMysql(
  source: MysqlSource,
  { owner, credentials, signal }: { owner: string; credentials: Credentials; signal: AbortSignal },
): Promise<DatabaseSession> {
  const { username, password, ca } = loginOf(owner, source.credentials, credentials);
  const fault: DatabaseSession["fault"] = (error, of) => {
    const problem = mysqlProblem(error);
    return problem === undefined ? undefined : databaseFault(problem, of, source, credentials);
  };
  // The driver compares the certificate with localhost then.
  if (source.tls === "verify" && isIP(source.host) !== 0)
    throw databaseFault(
      { problem: "certificate", detail: "an address, for which none is checked: name a host" },
      owner,
      source,
      credentials,
    );
  const connection = createConnection({
    host: source.host,
    port: source.port,
    database: source.database,
    user: username,
    password,
    charset: "utf8mb4",
    connectTimeout: CONNECT_MS,
    enableKeepAlive: true,
    keepAliveInitialDelay: 10_000,
    rowsAsArray: true,
    typeCast: false, // values arrive as the server writes them
    disableEval: true,
    ...(source.tls === "off"
      ? {}
      : { ssl: { rejectUnauthorized: true, verifyIdentity: true, ...(ca === undefined ? {} : { ca }) } }),
  });
  connection.on("error", () => undefined); // the statement that runs fails with it
  const stop = (): void => connection.destroy();
  signal.addEventListener("abort", stop, { once: true });
  const limits = { statementSeconds: source.statementSeconds, signal };
  const query = (sql: string): Promise<{ rows: Row[]; fields: FieldPacket[] }> =>
    run(connection, sql, limits);
  const close = (): Promise<void> => {
    signal.removeEventListener("abort", stop);
    connection.destroy();
    return Promise.resolve();
  };
  try {
    signal.throwIfAborted();
    const { rows } = await query("SELECT VERSION()");
    const isMariaDb = /mariadb/i.test(rows[0]?.[0]?.toString() ?? "");
    for (const statement of settings(isMariaDb, source.statementSeconds)) await query(statement);
  } catch (error) {
    await close();
    throw fault(error, owner) ?? error;
  }

  return {
    identifier,
    async describe(from) {
      return (await query(`SELECT * FROM ${from} LIMIT 0`)).fields.map(mysqlColumn);
    },
    async primaryKey(table) {
      const [name = "", schema] = [...table].reverse();
      const inSchema = schema === undefined ? "DATABASE()" : connection.escape(schema);
      const { rows } = await query(
        `SELECT COLUMN_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ${inSchema} AND TABLE_NAME = ${connection.escape(name)}
         AND INDEX_NAME = 'PRIMARY' ORDER BY SEQ_IN_INDEX`,
      );
      return rows.map(([column]) => column?.toString() ?? "");
    },
    rowHash: (columns) =>
      `SHA2(CONCAT_WS(',', ${columns.map(({ name }) => `QUOTE(CAST(${identifier(name)} AS BINARY))`).join(", ")}), 256)`,
    async scalar(sql) {
      return (await query(sql)).rows[0]?.[0]?.toString();
    },
    csv: (rows) => csvOf(connection, rows, limits),
    fault,
    close,
  };
}

/** Returns a quoted name, in which a dot is a part of the name. */
const identifier = (name: string): string => escapeId(name, true);

interface Limits {
  statementSeconds: number;
  signal: AbortSignal;
}

/** Calls `end` if the job is told to end, or if a server that is cut off says nothing. Returns what stops the watch. */
function watch(
  connection: Connection,
  { statementSeconds, signal }: Limits,
  end: (error: Error) => void,
): () => void {
  const gone = (reason: string) => (): void =>
    end(Object.assign(new Error(`Connection lost: ${reason}`), { code: "PROTOCOL_CONNECTION_LOST" }));
  const told = gone("the job was told to end");
  signal.addEventListener("abort", told, { once: true });
  // A statement whose rows are read one by one does not hear of it otherwise.
  const lost = gone("the server has gone away");
  connection.on("error", lost);
  connection.on("end", lost);
  const timer = setTimeout(gone("the server is silent"), statementSeconds * 1000 + GRACE_MS);
  return () => {
    clearTimeout(timer);
    signal.removeEventListener("abort", told);
    connection.off("error", lost);
    connection.off("end", lost);
  };
}

/** Runs a statement and returns its rows. */
function run(
  connection: Connection,
  sql: string,
  limits: Limits,
): Promise<{ rows: Row[]; fields: FieldPacket[] }> {
  return new Promise((resolve, reject) => {
    const unwatch = watch(connection, limits, reject);
    connection.query(sql, (error: unknown, rows, fields) => {
      unwatch();
      if (error) reject(error instanceof Error ? error : new Error("the statement failed"));
      else
        resolve({
          rows: Array.isArray(rows) ? (rows as unknown as Row[]) : [],
          fields: fields ?? [],
        });
    });
  });
}

/** Texts must not depend on the settings of the server or the user. */
function settings(isMariaDb: boolean, statementSeconds: number): string[] {
  return [
    "SET SESSION time_zone = '+00:00', net_write_timeout = 600, wait_timeout = 86400, lock_wait_timeout = 60",
    isMariaDb
      ? `SET SESSION max_statement_time = ${statementSeconds}`
      : `SET SESSION max_execution_time = ${statementSeconds * 1000}`,
    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
  ];
}

async function* csvOf(
  connection: Connection,
  { columns, from, order, maxRowBytes }: CsvRows,
  limits: Limits,
): AsyncGenerator<Uint8Array> {
  const sql = `SELECT ${columns.map(valueOf).join(", ")} FROM ${from} ORDER BY ${order}`;
  const pieces = new CsvPieces(maxRowBytes);
  const stream = connection.query(sql).stream({ highWaterMark: 1000 });
  const unwatch = watch(connection, limits, (error) => stream.destroy(error));
  try {
    for await (const row of stream as AsyncIterable<Row>) yield* pieces.add(csvLine(row));
  } finally {
    unwatch();
    stream.destroy();
  }
  yield pieces.rest();
}

/** MySQL writes FLOAT with 6 digits, and DOUBLE with all that its value needs. */
function valueOf({ name, native }: KeptColumn): string {
  return native === "float" ? `${identifier(name)} + 0e0` : identifier(name);
}

/** Bytes are written one to one, whatever text they are. */
function csvLine(row: Row): Uint8Array {
  const values = row.map((value) =>
    value === null ? "" : `"${value.toString("latin1").replaceAll('"', '""')}"`,
  );
  return Buffer.from(`"0",${values.join(",")}\n`, "latin1");
}
