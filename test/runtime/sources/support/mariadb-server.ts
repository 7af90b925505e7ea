import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { createConnection, escape } from "mysql2";
import { silentProgress } from "../../../../local/progress.ts";
import { ensureApt } from "../../../../local/tools/apt.ts";
import { mysqlSchema, type MysqlSource } from "../../../../runtime/contract/sources/mysql.ts";
import { freePort } from "../../support/redis-process.ts";
import {
  ADMIN,
  credentials,
  runAsServer,
  serverFolder,
  serverProcess,
  writeCertificate,
  type ServerProcess,
} from "./database-process.ts";

export interface MariaDbServer extends ServerProcess {
  port: number;
  /** PEM of its certificate, for `localhost`. */
  ca: string;
  /** Runs statements as its superuser, in the database `shop`. */
  run(sql: string): Promise<unknown>;
}

/** A real MariaDB on a free port of loopback, with a database `shop`. The user `tlsonly` may connect by TLS alone, and `wide` may read all of `shop`. */
export async function mariaDbServer({ tls = true }: { tls?: boolean } = {}): Promise<MariaDbServer> {
  await ensureApt(silentProgress, ["mariadb-server-core", "openssl"], "tables are read from a real MariaDB");
  const folder = await serverFolder();
  try {
    await writeCertificate(folder);
    const data = join(folder, "data");
    const where = [`--datadir=${data}`, "--no-defaults"].reverse();
    await runAsServer(folder, [
      "mariadb-install-db",
      ...where,
      "--auth-root-authentication-method=normal",
      "--skip-test-db",
    ]);
    const port = await freePort();
    const run = (sql: string, login: object = { ...ADMIN, database: "shop" }): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const connection = createConnection({ host: "127.0.0.1", port, multipleStatements: true, ...login });
        connection.on("error", () => undefined);
        connection.query(sql, (error: unknown, rows) => {
          connection.destroy();
          if (error) reject(error instanceof Error ? error : new Error("the statement failed"));
          else resolve(rows);
        });
      });
    const flags = [
      ...where,
      `--port=${port}`,
      "--bind-address=127.0.0.1",
      `--socket=${join(folder, "socket")}`,
      "--skip-name-resolve=0",
      "--innodb-flush-log-at-trx-commit=0",
      "--default-time-zone=+09:00",
      "--character-set-server=latin1",
      ...(tls ? [`--ssl-cert=${join(folder, "server.crt")}`, `--ssl-key=${join(folder, "server.key")}`] : []),
    ];
    const answers = (): Promise<unknown> => run("SELECT 1", { user: "root" }).catch(() => run("SELECT 1"));
    const server = await serverProcess(["/usr/sbin/mariadbd", ...flags], { folder, answers });
    await run(
      `CREATE DATABASE shop CHARACTER SET utf8mb4;
       CREATE USER ${ADMIN.user} IDENTIFIED BY ${escape(ADMIN.password)}; GRANT ALL ON *.* TO ${ADMIN.user} WITH GRANT OPTION;
       CREATE USER ${credentials.username} IDENTIFIED BY ${escape(credentials.password)};
       CREATE USER tlsonly IDENTIFIED BY ${escape(credentials.password)} REQUIRE SSL; GRANT SELECT ON shop.* TO tlsonly;
       CREATE USER wide IDENTIFIED BY ${escape(credentials.password)}; GRANT SELECT ON shop.* TO wide;
       ALTER USER root@localhost ACCOUNT LOCK`,
      { user: "root" },
    );
    return { ...server, port, ca: await readFile(join(folder, "server.crt"), "utf8"), run };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Returns a source of tables of a test's server. */
export function mysqlSource(
  { port }: MariaDbServer,
  tables: readonly object[],
  more: object = {},
): MysqlSource {
  return mysqlSchema.parse({
    kind: "mysql",
    host: "127.0.0.1",
    port,
    database: "shop",
    credentials: { secret: "shop-reader" },
    tls: "off",
    tables,
    ...more,
  });
}
