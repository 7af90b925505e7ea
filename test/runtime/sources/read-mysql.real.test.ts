import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readMysql } from "../../../runtime/sources/mysql/read-mysql.ts";
import { mariaDbServer, mysqlSource, type MariaDbServer } from "./support/mariadb-server.ts";
import { readFiles, type ReadFiles, type ReadOptions } from "./support/read-files.ts";

let server: MariaDbServer;
beforeAll(async () => {
  server = await mariaDbServer();
  await server.run(`
    SET time_zone = '+00:00';
    CREATE TABLE kinds (
      id int PRIMARY KEY, tiny tinyint(1), big bigint, huge bigint unsigned, exact decimal(12,3), wide decimal(60,20), plus decimal(5,2) unsigned,
      single float, \`double\` double, day date, local datetime(6), instant timestamp(3) NULL, clock time, yr year,
      words text, fixed char(5), latin varchar(20) CHARACTER SET latin1, feeling enum('sad', 'happy'), tags set('a', 'b'), doc json, \`Odd \`\`name. x\` varchar(10)
    );
    INSERT INTO kinds VALUES
      (2, 1, 9223372036854775807, 18446744073709551615, 123456789.125, '1234567890123456789012345678901234567890.12345', 999.99, 0.1, 0.1,
       '2024-02-29', '2024-02-29 12:34:56.789', '2024-02-29 03:34:56.5', '12:34:56', 2024, 'say "hi",\\nthen\\tgo\\r\\n\\\\ \\0 end', 'ab', 'ünï', 'happy', 'a,b', '{"a": [1, null]}', ''),
      (1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
      (3, 0, -1, 0, -0.001, 7, 0, -1.5e-30, 1e300, '1000-01-01', '1969-12-31 23:59:59.999999', '1970-01-02', '-100:00:00', 1999, 'ünï ☃ 𝄞', '', '', 'sad', '', '[]', 'x');
    CREATE TABLE only_nulls (a text);
    INSERT INTO only_nulls VALUES (NULL), (''), (NULL);
    GRANT SELECT ON shop.kinds TO reader; GRANT SELECT ON shop.only_nulls TO reader;
  `);
});
afterAll(() => server.close());

const read = (tables: readonly object[], options: ReadOptions = {}): Promise<ReadFiles> =>
  readFiles(readMysql, mysqlSource(server, tables), options);

describe("readMysql", () => {
  it("keeps every type, NULL beside an empty text, and times in UTC, whatever the server's settings", async () => {
    const { rows, types } = await read([{ name: "kinds", table: "shop.kinds" }]);
    expect(types).toEqual({
      id: "BIGINT",
      tiny: "BIGINT",
      big: "BIGINT",
      huge: "DECIMAL(20,0)",
      exact: "DECIMAL(12,3)",
      wide: "VARCHAR",
      plus: "DECIMAL(5,2)",
      single: "FLOAT",
      double: "DOUBLE",
      day: "DATE",
      local: "TIMESTAMP",
      instant: "TIMESTAMP",
      clock: "VARCHAR",
      yr: "BIGINT",
      words: "VARCHAR",
      fixed: "VARCHAR",
      latin: "VARCHAR",
      feeling: "VARCHAR",
      tags: "VARCHAR",
      doc: "VARCHAR",
      "Odd `name. x": "VARCHAR",
    });
    const [first, second, third] = rows["kinds/part-000001.parquet"] ?? [];
    expect(new Set(Object.values(first ?? {}))).toEqual(new Set(["1", null]));
    expect(second).toEqual({
      id: "2",
      tiny: "1",
      big: "9223372036854775807",
      huge: "18446744073709551615",
      exact: "123456789.125",
      wide: "1234567890123456789012345678901234567890.12345000000000000000",
      plus: "999.99",
      single: "0.1",
      double: "0.1",
      day: "2024-02-29",
      local: "2024-02-29 12:34:56.789",
      instant: "2024-02-29 03:34:56.5",
      clock: "12:34:56",
      yr: "2024",
      words: 'say "hi",\nthen\tgo\r\n\\ \0 end',
      fixed: "ab",
      latin: "ünï",
      feeling: "happy",
      tags: "a,b",
      doc: '{"a": [1, null]}',
      "Odd `name. x": "",
    });
    expect(third).toMatchObject({
      exact: "-0.001",
      single: "-1.5e-30",
      double: "1e+300",
      day: "1000-01-01",
      local: "1969-12-31 23:59:59.999999",
      clock: "-100:00:00",
      words: "ünï ☃ 𝄞",
      fixed: "",
      tags: "",
    });
  });

  it("reads rows of one column that is NULL or empty", async () => {
    const { rows } = await read([{ name: "n", query: "SELECT a FROM only_nulls -- all" }]);
    expect(rows["n/part-000001.parquet"]?.map(({ a }) => a).sort()).toEqual(["", null, null]);
  });

  it("gives the same bytes for the same rows, in whatever order the database has them", async () => {
    const long = "concat(repeat('x', 2000), if(seq % 2, 'a', 'A'), seq)"; // sorting by the text would see its start alone
    await server.run(
      `CREATE TABLE shuffled SELECT seq, ${long} AS t FROM seq_1_to_3000; GRANT SELECT ON shop.shuffled TO reader`,
    );
    const first = await read([{ name: "s", table: "shuffled" }]);
    await server.run(
      "CREATE TABLE other SELECT * FROM shuffled ORDER BY md5(t); DROP TABLE shuffled; RENAME TABLE other TO shuffled; GRANT SELECT ON shop.shuffled TO reader",
    );
    expect((await read([{ name: "s", table: "shuffled" }])).objects).toEqual(first.objects);
  });

  it("sorts the rows of a table by its primary key", async () => {
    await server.run(
      "CREATE TABLE keyed (b int, a varchar(5), PRIMARY KEY (a, b)); INSERT INTO keyed VALUES (2, 'x'), (1, 'y'), (1, 'x'); GRANT SELECT ON shop.keyed TO reader",
    );
    const { rows } = await read([{ name: "k", table: "keyed" }]);
    expect(rows["k/part-000001.parquet"]?.map(({ a, b }) => `${String(a)}${String(b)}`)).toEqual([
      "x1",
      "x2",
      "y1",
    ]);
  });

  it("reads all tables as they were at one moment", async () => {
    await server.run(`
      CREATE TABLE left_side (n int); CREATE TABLE right_side (n int);
      INSERT INTO left_side VALUES (1); INSERT INTO right_side VALUES (1);
      GRANT SELECT ON shop.left_side TO reader; GRANT SELECT ON shop.right_side TO reader`);
    const slow = { name: "l", query: "SELECT n, sleep(0.5) AS s FROM left_side" };
    const reading = read([slow, { name: "r", table: "right_side" }]);
    await new Promise((resolve) => setTimeout(resolve, 400)); // the first table is being read
    await server.run("INSERT INTO left_side VALUES (2); INSERT INTO right_side VALUES (2)");
    const { rows } = await reading;
    expect(rows).toEqual({
      "l/part-000001.parquet": [{ n: "1", s: "0" }],
      "r/part-000001.parquet": [{ n: "1" }],
    });
  });

  it.each([
    ["bigint unsigned", ["1", "18446744073709551614"], "18446744073709551615"],
    [
      "timestamp(6)",
      ["'2024-01-01 00:00:00.000001'", "'2024-01-01 00:00:00.000002'"],
      "'2024-01-01 00:00:00.000003'",
    ],
  ])(
    "reads with a watermark of %s only rows that are new, and keeps earlier files as they are",
    async (type, values, next) => {
      await server.run(`DROP TABLE IF EXISTS events; SET time_zone = '+00:00'; CREATE TABLE events (at ${type} NOT NULL, what text);
      INSERT INTO events VALUES (${values[0]}, 'a'), (${values[1]}, 'b'); GRANT SELECT ON shop.events TO reader`);
      const tables = [{ name: "events", table: "events", watermark: "at" }];
      const first = await read(tables);
      expect(await read(tables, { previous: first.objects })).toEqual({
        objects: first.objects,
        rows: {},
        types: {},
      });
      await server.run(`SET time_zone = '+00:00'; INSERT INTO events VALUES (${next}, 'c')`);
      const second = await read(tables, { previous: first.objects });
      expect(second.objects[0]).toEqual(first.objects[0]);
      expect(second.rows).toEqual({
        "events/part-000002.parquet": [{ at: next.replaceAll("'", ""), what: "c" }],
      });
      expect((await read(tables)).rows["events/part-000001.parquet"]).toHaveLength(3);
    },
  );
});
