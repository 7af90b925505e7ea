import { inspect } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BadInput, Unavailable } from "../../../runtime/errors.ts";
import { readPostgres } from "../../../runtime/sources/postgres/read-postgres.ts";
import { credentials } from "./support/database-process.ts";
import { freePort } from "../support/redis-process.ts";
import { postgresServer, postgresSource, type PostgresServer } from "./support/postgres-server.ts";
import { readFiles, type ReadOptions } from "./support/read-files.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await postgresServer();
  await server.run(`
    CREATE TABLE orders (id int PRIMARY KEY, at timestamp, day date, cost numeric(5,2), tags text[], span interval, raw bytea);
    INSERT INTO orders VALUES (1, '2024-01-01', '2024-01-01', 1), (2, NULL, 'infinity', 2), (3, NULL, '2024-01-01', 'NaN');
    CREATE TABLE private (id int); CREATE SCHEMA closed; CREATE TABLE closed.inside (id int);
    GRANT SELECT ON orders TO reader;
  `);
});
afterAll(() => server.close());

interface Case extends ReadOptions {
  table?: object;
  source?: object;
}

/** Returns the error of a read. It must not hold the Secret, in whatever field. */
async function errorOf({ table = { table: "orders" }, source = {}, ...options }: Case): Promise<Error> {
  const error = await readFiles(
    readPostgres,
    postgresSource(server, [{ name: "orders", ...table }], source),
    options,
  ).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error(`must fail, got ${String(error)}`);
  const everything = inspect(error, { depth: 20, showHidden: true });
  for (const text of [
    credentials.password,
    JSON.stringify(credentials.password).slice(1, -1),
    "wrong-secret",
  ])
    expect(everything).not.toContain(text);
  return error;
}

describe("the faults of readPostgres", () => {
  const rules: [title: string, options: Case, message: string][] = [
    [
      "a wrong password",
      { secret: { username: "reader", password: "wrong-secret" } },
      "must accept username and password of the Secret shop-reader, but refuses them",
    ],
    [
      "a Secret without a password",
      { secret: { username: "reader" } },
      "the Secret shop-reader must have the entries username and password, lacks password",
    ],
    ["a database that is not there", { source: { database: "none" } }, "database must be one that"],
    [
      "a user that must use TLS",
      { secret: { ...credentials, username: "tlsonly" } },
      "connections without TLS",
    ],
    [
      "a table without the right to read",
      { table: { table: "private" } },
      "must have the right to read, got: permission denied for table private; grant SELECT",
    ],
    [
      "a schema without the right to use it",
      { table: { table: "closed.inside" } },
      "permission denied for schema closed",
    ],
    ["a table that is not there", { table: { table: "ordrs" } }, 'got: relation "ordrs" does not exist'],
    [
      "a column that is not there",
      { table: { query: "SELECT idd FROM orders" } },
      'got: column "idd" does not exist (Perhaps you meant to reference the column "orders.id".)',
    ],
    ["SQL that does not parse", { table: { query: "SELEC id FROM orders" } }, "got: syntax error at or near"],
    [
      "a second statement",
      { table: { query: "SELECT 1 AS a) AS x; DROP TABLE orders; SELECT * FROM (SELECT 2 AS b" } },
      "got: cannot insert multiple commands into a prepared statement",
    ],
    [
      "a statement that writes",
      { table: { query: "SELECT set_config('a.b', 'c', false), nextval('s') FROM pg_sequences" } },
      'got: relation "s" does not exist',
    ],
    [
      "types that are not kept",
      { table: { query: "SELECT id, tags, span, raw FROM orders" } },
      "tags (text[]), span (interval), raw (bytea) are not: leave them out or cast in a query",
    ],
    [
      "values that do not fit",
      { table: { query: "SELECT id, day, cost FROM orders" } },
      "day (date) has 1, cost (numeric(5,2)) has 1 that are not: replace them in a query",
    ],
    [
      "a column name twice",
      { table: { query: 'SELECT id, 1 AS "ID" FROM orders' } },
      "columns must have different names, whatever their case, got ID twice",
    ],
    [
      "an error while the rows are read",
      { table: { query: "SELECT 1 / (id - 2) AS x FROM orders" } },
      "got: division by zero",
    ],
    [
      "a watermark without a value",
      { table: { query: "SELECT id, at FROM orders", watermark: "at" } },
      "watermark at must have a value in every row, got 2 rows without one",
    ],
    [
      "a watermark that is no column",
      { table: { query: "SELECT id FROM orders", watermark: "seq" } },
      "watermark must be one of id, got seq",
    ],
    [
      "a watermark of texts",
      { table: { query: "SELECT id::text AS id FROM orders", watermark: "id" } },
      "watermark must be a column of whole or decimal numbers or of times, got id (text)",
    ],
    [
      "an infinite watermark",
      { table: { query: "SELECT day FROM orders", watermark: "day" } },
      "watermark day must be finite",
    ],
    [
      "a row that is too long",
      { table: { query: "SELECT repeat('x', 17000000) AS t" } },
      "a row must have at most 16777216 bytes, got",
    ],
    [
      "a statement that takes too long",
      { table: { query: "SELECT pg_sleep(60)::text AS t" }, source: { statementSeconds: 1 } },
      "a statement must end within 1 s, but did not; raise statementSeconds",
    ],
    [
      "a certificate that nobody signed",
      { source: { tls: "verify", host: "localhost" } },
      "must be of this host and from a trusted authority",
    ],
  ];
  it.each(rules)("refuses %s", async (_, options, message) => {
    const error = await errorOf(options);
    expect(error).toBeInstanceOf(BadInput);
    expect(error.message).toContain(message);
    expect(error.message).toMatch(/^shop: source (table orders|postgres): /);
  });

  it("refuses a watermark that went back, and an emptied table", async () => {
    await server.run(
      "CREATE TABLE log (seq bigint, x int); INSERT INTO log VALUES (5, 1), (7, 1); GRANT SELECT ON log TO reader",
    );
    const table = { name: "orders", table: "log", watermark: "seq" };
    const { objects: previous } = await readFiles(readPostgres, postgresSource(server, [table]));
    await server.run("DELETE FROM log WHERE seq = 7");
    expect((await errorOf({ table, previous })).message).toContain(
      "watermark seq must not go back, was 7 in the last run, is 5; if older rows were replaced, raise revision",
    );
    await server.run("TRUNCATE log");
    expect((await errorOf({ table, previous })).message).toContain("was 7 in the last run, is in no row");
  });

  it("reads by TLS with the authority of the Secret, and refuses a certificate of another host", async () => {
    const secret = { ...credentials, username: "tlsonly", "ca.crt": server.ca };
    const tables = [{ name: "orders", query: "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()" }];
    const { rows } = await readFiles(
      readPostgres,
      postgresSource(server, tables, { tls: "verify", host: "localhost" }),
      { secret },
    );
    expect(rows["orders/part-000001.parquet"]).toEqual([{ ssl: "true" }]);
    const error = await errorOf({ secret, source: { tls: "verify" } });
    expect(error).toBeInstanceOf(BadInput);
    expect(error.message).toContain("is not in the cert's list");
  });

  it("writes nothing, whatever a query calls", async () => {
    await server.run(
      "CREATE FUNCTION sneaky() RETURNS int LANGUAGE sql AS $$ INSERT INTO orders (id) VALUES (99) RETURNING id $$; GRANT INSERT ON orders TO reader",
    );
    const error = await errorOf({ table: { query: "SELECT sneaky() AS s" } });
    expect(error.message).toContain("cannot execute INSERT in a read-only transaction");
  });

  it("reports a server that cannot be reached as unavailable", async () => {
    const port = await freePort();
    const error = await errorOf({ source: { port } });
    expect(error).toBeInstanceOf(Unavailable);
    expect(error.message).toMatch(
      /^shop: source postgres: 127\.0\.0\.1:\d+ does not answer: .*ECONNREFUSED.*; check host and port/,
    );
    expect(await errorOf({ source: { host: "no-such-host.invalid" } })).toBeInstanceOf(Unavailable);
  });

  it("ends a statement that hangs when the job is told to end", async () => {
    const stop = new AbortController();
    const started = Date.now();
    setTimeout(() => stop.abort(), 500);
    const error = await errorOf({ table: { query: "SELECT pg_sleep(100)::text AS t" }, signal: stop.signal });
    expect(error).toBeInstanceOf(Unavailable);
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  it("reports a server that goes away in the middle as unavailable, and reads all again once it is back", async () => {
    const table = {
      name: "orders",
      query: "SELECT i, pg_sleep(0.001)::text AS t FROM generate_series(1, 3000) i",
    };
    const broken = errorOf({ table });
    await sleep(1000);
    await server.kill();
    const error = await broken;
    expect(error).toBeInstanceOf(Unavailable);
    expect(error.message).toContain("does not answer");
    await server.start();

    const reading = readFiles(readPostgres, postgresSource(server, [table]), { tries: 200 });
    await sleep(1000);
    await server.kill();
    await server.start();
    expect((await reading).rows["orders/part-000001.parquet"]).toHaveLength(3000);
  });
});

it("refuses a server without TLS unless the source names it off", async () => {
  const plain = await postgresServer({ tls: false });
  try {
    const source = postgresSource(plain, [{ name: "t", query: "SELECT 1 AS a" }], {
      tls: "verify",
      host: "localhost",
    });
    await expect(readFiles(readPostgres, source)).rejects.toThrow(
      /must offer TLS, but does not; .*name tls: "off"/,
    );
  } finally {
    await plain.close();
  }
});
