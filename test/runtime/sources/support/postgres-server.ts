import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { postgresSchema, type PostgresSource } from "../../../../runtime/contract/sources/postgres.ts";
import { silentProgress } from "../../../../local/progress.ts";
import { ensureApt } from "../../../../local/tools/apt.ts";
import { freePort } from "../../support/redis-process.ts";
import {
  ADMIN,
  credentials,
  serverFolder,
  runAsServer,
  serverProcess,
  writeCertificate,
  type ServerProcess,
} from "./database-process.ts";

export interface PostgresServer extends ServerProcess {
  port: number;
  /** PEM of its certificate, for `localhost`. */
  ca: string;
  /** Runs statements as its superuser. */
  run(sql: string): Promise<pg.QueryResult>;
}

/** A real PostgreSQL on a free port of loopback, with TLS. The user `tlsonly` may connect by TLS alone. */
export async function postgresServer({ tls = true }: { tls?: boolean } = {}): Promise<PostgresServer> {
  const bin = await programs();
  const folder = await serverFolder();
  try {
    await writeCertificate(folder);
    const password = join(folder, "password");
    await writeFile(password, ADMIN.password, { mode: 0o644 });
    const data = join(folder, "data");
    const initdb = [
      `${bin}/initdb`,
      "-D",
      data,
      "-U",
      ADMIN.user,
      "-A",
      "scram-sha-256",
      `--pwfile=${password}`,
      "-E",
      "UTF8",
      "--locale=C.UTF-8",
      "--no-sync",
    ];
    await runAsServer(folder, initdb);
    await writeFile(
      join(data, "pg_hba.conf"),
      "hostnossl all tlsonly all reject\nhost all all 127.0.0.1/32 scram-sha-256\nhost all all ::1/128 scram-sha-256\n",
    );
    const port = await freePort();
    const run = async (sql: string): Promise<pg.QueryResult> => {
      const client = new pg.Client({ ...ADMIN, host: "127.0.0.1", port, database: "postgres" });
      client.on("error", () => undefined);
      await client.connect();
      try {
        return await client.query(sql);
      } finally {
        await client.end();
      }
    };
    const settings = {
      listen_addresses: "127.0.0.1",
      port: String(port),
      unix_socket_directories: "",
      fsync: "off",
      ssl: tls ? "on" : "off",
      ssl_cert_file: join(folder, "server.crt"),
      ssl_key_file: join(folder, "server.key"),
      timezone: "Asia/Tokyo",
      datestyle: "German",
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const server = await serverProcess([`${bin}/postgres`, "-D", data, ...flags], {
      folder,
      answers: () => run("SELECT 1"),
    });
    const secret = pg.escapeLiteral(credentials.password);
    await run(
      `CREATE ROLE ${credentials.username} LOGIN PASSWORD ${secret}; CREATE ROLE tlsonly LOGIN PASSWORD ${secret}; GRANT pg_read_all_data TO tlsonly`,
    );
    return { ...server, port, ca: await readFile(join(folder, "server.crt"), "utf8"), run };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Returns the folder of PostgreSQL's programs. */
async function programs(): Promise<string> {
  await ensureApt(silentProgress, ["postgresql", "openssl"], "tables are read from a real PostgreSQL");
  const versions = await readdir("/usr/lib/postgresql");
  const newest = versions.sort((a, b) => Number(a) - Number(b)).at(-1) ?? "";
  return `/usr/lib/postgresql/${newest}/bin`;
}

/** Returns a source of tables of a test's server. */
export function postgresSource(
  { port }: PostgresServer,
  tables: readonly object[],
  more: object = {},
): PostgresSource {
  return postgresSchema.parse({
    kind: "postgres",
    host: "127.0.0.1",
    port,
    database: "postgres",
    credentials: { secret: "shop-reader" },
    tls: "off",
    tables,
    ...more,
  });
}
