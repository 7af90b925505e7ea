import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SourceObject } from "../../../runtime/contract/source-manifest.ts";
import { silentLogger } from "../../../runtime/log.ts";
import { withScratch } from "../../../runtime/scratch.ts";
import { readPostgres } from "../../../runtime/sources/postgres/read-postgres.ts";
import { credentials } from "./support/database-process.ts";
import {
  postgresServer,
  postgresSource as sourceOf,
  type PostgresServer,
} from "./support/postgres-server.ts";
import { readFiles, type ReadFiles, type ReadOptions } from "./support/read-files.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await postgresServer();
  const { username } = credentials;
  await server.run(`
    CREATE TYPE mood AS ENUM ('sad', 'happy');
    CREATE DOMAIN cents AS bigint;
    CREATE TABLE kinds (
      id int PRIMARY KEY, big bigint, flag boolean, exact numeric(12,3), wide numeric, single real, double double precision,
      day date, local timestamp, instant timestamptz, clock time, words text, fixed char(5), feeling mood, price cents,
      doc json, docb jsonb, ident uuid, "Odd ""name" text
    );
    INSERT INTO kinds VALUES
      (2, 9223372036854775807, true, 123456789.125, 0.1234567890123456789012345678901234567890123, 0.1, 0.1,
       '2024-02-29', '2024-02-29 12:34:56.789', '2024-02-29 12:34:56+09', '12:34:56', E'say "hi",\\nthen\\tgo\\r\\n', 'ab', 'happy', 5,
       '{"a": [1, null]}', '{"a": 1}', '00000000-0000-0000-0000-000000000001', ''),
      (1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
      (3, -1, false, -0.001, 7, -1e-30, 1e300, '0001-01-01', '1969-12-31 23:59:59.999999', '1970-01-01 00:00:00+00', '00:00', 'ünï ☃ 𝄞', '', 'sad', -5,
       '[]', '[]', '00000000-0000-0000-0000-000000000002', 'x');
    CREATE TABLE only_nulls (a text);
    INSERT INTO only_nulls VALUES (NULL), (''), (NULL);
    GRANT SELECT ON kinds, only_nulls TO ${username};
  `);
});
afterAll(() => server.close());

type Table = { name: string } & Record<string, unknown>;

const read = (
  tables: readonly Table[],
  options: ReadOptions & { source?: object } = {},
): Promise<ReadFiles> => readFiles(readPostgres, sourceOf(server, tables, options.source), options);

/** Reads a query whose rows the test itself could not hold. */
const withoutRows = (query: string): Promise<{ objects: SourceObject[] }> =>
  withScratch(async (directory) => ({
    objects: await readPostgres({
      workload: "shop",
      source: sourceOf(server, [{ name: "large", query }]),
      directory,
      previous: [],
      credentials,
      log: silentLogger,
      signal: new AbortController().signal,
    }),
  }));

describe("readPostgres", () => {
  it("keeps every type, NULL beside an empty text, and times in UTC, whatever the server's settings", async () => {
    const { rows, types, objects } = await read([{ name: "kinds", table: "public.kinds" }]);
    expect(types).toEqual({
      id: "BIGINT",
      big: "BIGINT",
      flag: "BOOLEAN",
      exact: "DECIMAL(12,3)",
      wide: "VARCHAR",
      single: "FLOAT",
      double: "DOUBLE",
      day: "DATE",
      local: "TIMESTAMP",
      instant: "TIMESTAMP",
      clock: "VARCHAR",
      words: "VARCHAR",
      fixed: "VARCHAR",
      feeling: "VARCHAR",
      price: "BIGINT",
      doc: "VARCHAR",
      docb: "VARCHAR",
      ident: "VARCHAR",
      'Odd "name': "VARCHAR",
    });
    const [first, second, third] = rows["kinds/part-000001.parquet"] ?? [];
    expect(new Set(Object.values(first ?? {}))).toEqual(new Set(["1", null]));
    expect(second).toMatchObject({
      id: "2",
      big: "9223372036854775807",
      flag: "true",
      exact: "123456789.125",
      wide: "0.1234567890123456789012345678901234567890123",
      single: "0.1",
      double: "0.1",
      day: "2024-02-29",
      local: "2024-02-29 12:34:56.789",
      instant: "2024-02-29 03:34:56",
      clock: "12:34:56",
      words: 'say "hi",\nthen\tgo\r\n',
      fixed: "ab",
      feeling: "happy",
      price: "5",
      doc: '{"a": [1, null]}',
      ident: "00000000-0000-0000-0000-000000000001",
      'Odd "name': "",
    });
    expect(third).toMatchObject({
      exact: "-0.001",
      single: "-1e-30",
      double: "1e+300",
      day: "0001-01-01",
      local: "1969-12-31 23:59:59.999999",
      words: "ünï ☃ 𝄞",
      fixed: "",
    });
    expect(objects).toEqual([
      {
        name: "kinds/part-000001.parquet",
        digest: expect.stringMatching(/^sha256:/) as string,
        size: expect.any(Number) as number,
      },
    ]);
  });

  it("reads rows of one column that is NULL or empty", async () => {
    const { rows } = await read([{ name: "n", query: "SELECT a FROM only_nulls -- all" }]);
    expect(rows["n/part-000001.parquet"]?.map(({ a }) => a).sort()).toEqual(["", null, null]);
  });

  it("gives the same bytes for the same rows, in whatever order the database has them", async () => {
    await server.run(
      "CREATE TABLE shuffled AS SELECT i, md5(i::text) AS t FROM generate_series(1, 5000) i; GRANT SELECT ON shuffled TO reader",
    );
    const first = await read([{ name: "s", table: "shuffled" }]);
    await server.run(
      "CREATE TABLE other AS SELECT * FROM shuffled ORDER BY t; DROP TABLE shuffled; ALTER TABLE other RENAME TO shuffled; GRANT SELECT ON shuffled TO reader",
    );
    const second = await read([{ name: "s", table: "shuffled" }]);
    expect(second.objects).toEqual(first.objects);
  });

  it("sorts the rows of a table by its primary key", async () => {
    await server.run(
      "CREATE TABLE keyed (b int, a text, PRIMARY KEY (a, b)); INSERT INTO keyed VALUES (2, 'x'), (1, 'y'), (1, 'x'); GRANT SELECT ON keyed TO reader",
    );
    const { rows } = await read([{ name: "k", table: "keyed" }]);
    expect(rows["k/part-000001.parquet"]?.map(({ a, b }) => `${String(a)}${String(b)}`)).toEqual([
      "x1",
      "x2",
      "y1",
    ]);
    await server.run("CREATE TABLE child () INHERITS (keyed); INSERT INTO child VALUES (1, 'x'), (1, 'x')");
    const both = await read([{ name: "k", table: "keyed" }]); // the key of the first table says nothing about the second
    expect(both.rows["k/part-000001.parquet"]).toHaveLength(5);
  });

  it("reads all tables as they were at one moment", async () => {
    await server.run(`
      CREATE TABLE left_side (n int); CREATE TABLE right_side (n int);
      INSERT INTO left_side VALUES (1); INSERT INTO right_side VALUES (1);
      GRANT SELECT ON left_side, right_side TO reader`);
    const slow = {
      name: "l",
      query: "SELECT n FROM left_side, LATERAL (SELECT pg_sleep(1 + 0 * n)) AS wait",
    };
    const reading = read([slow, { name: "r", table: "right_side" }]);
    await new Promise((resolve) => setTimeout(resolve, 700)); // the first table is being read
    await server.run("INSERT INTO left_side VALUES (2); INSERT INTO right_side VALUES (2)");
    const { rows } = await reading;
    expect(rows).toEqual({ "l/part-000001.parquet": [{ n: "1" }], "r/part-000001.parquet": [{ n: "1" }] });
  });

  it("reads with a watermark only rows that are new, and keeps earlier files as they are", async () => {
    await server.run(`
      CREATE TABLE events (at timestamptz NOT NULL, what text);
      INSERT INTO events VALUES ('2024-01-01 00:00:00.000001+00', 'a'), ('2024-01-02 09:00+09', 'b');
      GRANT SELECT ON events TO reader`);
    const tables = [{ name: "events", table: "events", watermark: "at" }];
    const first = await read(tables);
    expect(first.objects).toHaveLength(1);
    const same = await read(tables, { previous: first.objects });
    expect(same).toEqual({ objects: first.objects, rows: {}, types: {} });

    await server.run(
      "INSERT INTO events VALUES ('2024-01-02 00:00:00.000001+00', 'c'), ('2023-01-01', 'late')",
    );
    const second = await read(tables, { previous: first.objects });
    expect(second.objects[0]).toEqual(first.objects[0]);
    expect(second.objects.map(({ name }) => name)).toEqual([
      "events/part-000001.parquet",
      "events/part-000002.parquet",
    ]);
    expect(second.rows).toEqual({
      "events/part-000002.parquet": [{ at: "2024-01-02 00:00:00.000001", what: "c" }],
    });

    for (const changed of [{ revision: 2 }, { table: undefined, query: "SELECT * FROM events" }]) {
      const all = await read([{ ...tables[0]!, ...changed }], { previous: second.objects });
      expect(all.objects).toHaveLength(1);
      expect(all.rows["events/part-000001.parquet"]).toHaveLength(4);
    }
    await server.run("ALTER TABLE events ADD COLUMN more int");
    expect(
      (await read(tables, { previous: second.objects })).rows["events/part-000001.parquet"],
    ).toHaveLength(4);
  });

  it("starts with an empty table, by its watermark too", async () => {
    await server.run(
      "CREATE TABLE empty (id bigint PRIMARY KEY, what text); GRANT SELECT ON empty TO reader",
    );
    const tables = [{ name: "e", table: "empty", watermark: "id" }];
    const first = await read(tables);
    expect(first.rows).toEqual({ "e/part-000001.parquet": [] });
    expect(first.types).toEqual({ id: "BIGINT", what: "VARCHAR" });
    expect((await read(tables, { previous: first.objects })).objects).toEqual(first.objects);
    await server.run("INSERT INTO empty VALUES (7, 'x')");
    const second = await read(tables, { previous: first.objects });
    expect(second.rows).toEqual({ "e/part-000002.parquet": [{ id: "7", what: "x" }] });
  });

  it("streams a table that is larger than its memory", async () => {
    const query = "SELECT i, repeat(md5(i::text), 100) AS t FROM generate_series(1, 400000) i"; // 1,280 MB of text
    const before = process.memoryUsage().rss;
    let peak = before;
    const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
    const { objects } = await withoutRows(query).finally(() => clearInterval(timer));
    expect(objects[0]?.size).toBeGreaterThan(1e6);
    expect((peak - before) / 2 ** 20).toBeLessThan(1000);
  });
});
