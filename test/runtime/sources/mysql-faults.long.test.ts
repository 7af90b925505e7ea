import { inspect } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BadInput, Unavailable } from "../../../runtime/errors.ts";
import { readMysql } from "../../../runtime/sources/mysql/read-mysql.ts";
import { freePort } from "../support/redis-process.ts";
import { credentials } from "./support/database-process.ts";
import { mariaDbServer, mysqlSource, type MariaDbServer } from "./support/mariadb-server.ts";
import { readFiles, type ReadOptions } from "./support/read-files.ts";

let server: MariaDbServer;
beforeAll(async () => {
  server = await mariaDbServer();
  await server.run(`
    SET sql_mode = '';
    CREATE TABLE orders (id int PRIMARY KEY, at datetime, day date, raw blob, bits bit(3), place point);
    INSERT INTO orders (id, at, day) VALUES (1, '2024-01-01', '2024-01-01'), (2, NULL, '0000-00-00'), (3, NULL, '2024-02-00');
    CREATE TABLE private (id int);
    GRANT SELECT ON shop.orders TO reader;
  `);
});
afterAll(() => server.close());

const wide = { ...credentials, username: "wide" };

interface Case extends ReadOptions {
  table?: object;
  source?: object;
}

/** Returns the error of a read. It must not hold the Secret, in whatever field. */
async function errorOf({ table = { table: "orders" }, source = {}, ...options }: Case): Promise<Error> {
  const error = await readFiles(
    readMysql,
    mysqlSource(server, [{ name: "orders", ...table }], source),
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
    "'reader'",
  ])
    expect(everything).not.toContain(text);
  return error;
}

describe("the faults of readMysql", () => {
  const rules: [title: string, options: Case, message: string][] = [
    [
      "a wrong password",
      { secret: { username: "reader", password: "wrong-secret" } },
      "must accept username and password of the Secret shop-reader, but refuses them",
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
      "must have the right to read, got: SELECT command denied to user ***",
    ],
    [
      "a column that is not there",
      { table: { query: "SELECT idd FROM orders" } },
      "got: Unknown column 'idd' in",
    ],
    [
      "SQL that does not parse",
      { table: { query: "SELEC id FROM orders" } },
      "got: You have an error in your SQL syntax",
    ],
    [
      "a second statement",
      { table: { query: "SELECT 1 AS a) AS x; DROP TABLE orders; SELECT * FROM (SELECT 2 AS b" } },
      "got: You have an error in your SQL syntax",
    ],
    [
      "types that are not kept",
      { table: { query: "SELECT id, raw, bits, place FROM orders" } },
      "raw (binary), bits (bit), place (geometry) are not: leave them out or cast in a query",
    ],
    [
      "times that are none",
      { table: { query: "SELECT id, day FROM orders" } },
      "day (date) has 2 that are not: replace them in a query",
    ],
    [
      "a column name twice",
      { table: { query: "SELECT id, 1 AS ID FROM orders" } },
      "Duplicate column name 'ID'",
    ],
    [
      "an error while the rows are read",
      { table: { query: "SELECT id, (SELECT a.id FROM orders a) AS x FROM orders" } },
      "got: Subquery returns more than 1 row",
    ],
    [
      "a watermark without a value",
      { table: { query: "SELECT id, at FROM orders", watermark: "at" } },
      "watermark at must have a value in every row, got 2 rows without one",
    ],
    [
      "a watermark of texts",
      { table: { query: "SELECT CONCAT(id, '') AS id FROM orders", watermark: "id" } },
      "watermark must be a column of whole or decimal numbers or of times, got id (text)",
    ],
    [
      "a row that is too long",
      { table: { query: "SELECT concat(repeat('x', 16000000)) AS t, repeat('y', 1000000) AS u" } },
      "a row must have at most 16777216 bytes, got",
    ],
    [
      "a statement that takes too long",
      { table: { query: "SELECT sleep(60) AS t" }, source: { statementSeconds: 1 } },
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
    expect(error.message).toContain(message);
    expect(error).toBeInstanceOf(BadInput);
    expect(error.message).toMatch(/^shop: source (table orders|mysql): /);
  });

  it("refuses a table that is not there", async () => {
    expect((await errorOf({ table: { table: "ordrs" }, secret: wide })).message).toContain(
      "got: Table 'shop.ordrs' doesn't exist",
    );
  });

  it("refuses a watermark that went back", async () => {
    await server.run(
      "CREATE TABLE log (seq bigint, x int); INSERT INTO log VALUES (5, 1), (7, 1); GRANT SELECT ON shop.log TO reader",
    );
    const table = { name: "orders", table: "log", watermark: "seq" };
    const { objects: previous } = await readFiles(readMysql, mysqlSource(server, [table]));
    await server.run("DELETE FROM log WHERE seq = 7");
    expect((await errorOf({ table, previous })).message).toContain(
      "watermark seq must not go back, was 7 in the last run, is 5",
    );
  });

  it("reads by TLS with the authority of the Secret, and refuses a certificate of another host", async () => {
    const secret = { ...credentials, username: "tlsonly", "ca.crt": server.ca };
    const tables = [
      {
        name: "orders",
        query:
          "SELECT VARIABLE_VALUE <> '' AS t FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'Ssl_cipher'",
      },
    ];
    const { rows } = await readFiles(
      readMysql,
      mysqlSource(server, tables, { tls: "verify", host: "localhost" }),
      { secret },
    );
    expect(rows["orders/part-000001.parquet"]).toEqual([{ t: "1" }]);
    const error = await errorOf({ secret, source: { tls: "verify" } });
    expect(error).toBeInstanceOf(BadInput);
    expect(error.message).toContain("an address, for which none is checked: name a host");
  });

  it("writes nothing, whatever a query calls", async () => {
    await server.run(
      `CREATE FUNCTION sneaky() RETURNS int MODIFIES SQL DATA BEGIN INSERT INTO orders (id) VALUES (99); RETURN 1; END`,
    );
    await server.run("GRANT EXECUTE ON FUNCTION shop.sneaky TO reader");
    const error = await errorOf({ table: { query: "SELECT sneaky() AS s" } });
    expect(error.message).toContain("Cannot execute statement in a READ ONLY transaction");
  });

  it("reports a server that cannot be reached as unavailable", async () => {
    const error = await errorOf({ source: { port: await freePort() } });
    expect(error).toBeInstanceOf(Unavailable);
    expect(error.message).toMatch(
      /^shop: source mysql: 127\.0\.0\.1:\d+ does not answer: .*ECONNREFUSED.*; check host and port/,
    );
    expect(await errorOf({ source: { host: "no-such-host.invalid" } })).toBeInstanceOf(Unavailable);
  });

  it.each(["SELECT sleep(100) AS t", "SELECT seq, sleep(0.01) AS t FROM seq_1_to_100000"])(
    "ends a statement that hangs when the job is told to end: %s",
    async (query) => {
      const stop = new AbortController();
      const started = Date.now();
      setTimeout(() => stop.abort(), 500);
      expect(await errorOf({ table: { query }, signal: stop.signal, secret: wide })).toBeInstanceOf(
        Unavailable,
      );
      expect(Date.now() - started).toBeLessThan(10_000);
    },
  );

  it("reports a server that goes away in the middle as unavailable, and reads all again once it is back", async () => {
    const table = { name: "orders", query: "SELECT seq, sleep(0.001) AS t FROM seq_1_to_2000" };
    const broken = errorOf({ table, secret: wide });
    await sleep(1000);
    await server.kill();
    const error = await broken;
    expect(error).toBeInstanceOf(Unavailable);
    expect(error.message).toContain("does not answer");
    await server.start();

    const reading = readFiles(readMysql, mysqlSource(server, [table]), { tries: 2000, secret: wide });
    await sleep(1000);
    await server.kill();
    await server.start();
    expect((await reading).rows["orders/part-000001.parquet"]).toHaveLength(2000);
  });
});

it("refuses a server without TLS unless the source names it off", async () => {
  const plain = await mariaDbServer({ tls: false });
  try {
    const source = mysqlSource(plain, [{ name: "t", query: "SELECT 1 AS a" }], {
      tls: "verify",
      host: "localhost",
    });
    await expect(readFiles(readMysql, source)).rejects.toThrow(
      /must offer TLS, but does not; .*name tls: "off"/,
    );
  } finally {
    await plain.close();
  }
});
