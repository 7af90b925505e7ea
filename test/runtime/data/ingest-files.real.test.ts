import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { digestOf } from "../../../runtime/artifacts/digest.ts";
import type { DatasetManifest } from "../../../runtime/contract/dataset-manifest.ts";
import type { TableRule } from "../../../runtime/contract/table-rule.ts";
import { ingest } from "../../../runtime/data/ingest.ts";
import { openDuckDb, type DuckDb } from "../../../runtime/duckdb.ts";
import { withScratch } from "../../../runtime/scratch.ts";

type Rows = Record<string, unknown>[];

/** Ingests files that a user has, and returns the manifest and the rows of the table `t`. */
async function ingested(
  files: Readonly<Record<string, string | Buffer>>,
  rule: Partial<TableRule> = {},
  prepare: (db: DuckDb, folder: string) => Promise<void> = () => Promise.resolve(),
): Promise<{ manifest: DatasetManifest; rows: Rows; bytes: Buffer }> {
  return withScratch(async (scratch) => {
    const folder = join(scratch, "source");
    const out = join(scratch, "out");
    await mkdir(out);
    const db = await openDuckDb({ threads: 2, scratch });
    try {
      for (const [name, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), content);
      }
      await prepare(db, folder);
      const names = Object.keys(files);
      const pinned = names.map((name) => ({ name, digest: digestOf(name), size: 1 }));
      const table: TableRule = { name: "t", files: names, ...rule };
      const source = { kind: "files" as const, files: pinned };
      const manifest = await ingest(
        db,
        { schemaVersion: 1, workload: "w", source, tables: [table] },
        { source: folder, directory: out },
      );
      const rows = await db.rows(`SELECT COLUMNS(*)::VARCHAR FROM read_parquet('${out}/t/00000.parquet')`);
      return { manifest, rows, bytes: await readFile(join(out, "t/00000.parquet")) };
    } finally {
      db.close();
    }
  });
}
const typesOf = ({ tables }: DatasetManifest): Record<string, string> =>
  Object.fromEntries(tables[0]!.columns.map(({ name, type }) => [name, type]));

describe("files of a user", () => {
  it("need no rule at all: types follow from every row, in the order of the files", async () => {
    const csv =
      "id,paid,amount,on,at,note,empty\n" +
      "7,true,1.5,2018-10-01,2018-10-01 08:00:00,x,\n" +
      "8,FALSE,2,2018-10-02,2018-10-02T09:00:00Z,NA,\n";
    const { manifest, rows, bytes } = await ingested({ "loans.csv": csv });
    expect(typesOf(manifest)).toEqual({
      id: "BIGINT",
      paid: "BOOLEAN",
      amount: "DOUBLE",
      on: "DATE",
      at: "TIMESTAMP",
      note: "VARCHAR",
      empty: "VARCHAR",
    });
    expect(rows.map(({ id, paid, note }) => [id, paid, note])).toEqual([
      ["7", "true", "x"],
      ["8", "false", null],
    ]);
    expect(manifest.source).toEqual({
      kind: "files",
      files: [{ name: "loans.csv", digest: digestOf("loans.csv"), size: 1 }],
    });
    expect((await ingested({ "loans.csv": csv })).bytes).toEqual(bytes);
  });

  it("have the type that the last row still has", async () => {
    const many = Array.from({ length: 60_000 }, (_, i) => i).join("\n");
    const { manifest, rows } = await ingested({ "t.csv": `n\n${many}\nlate\n` });
    expect(typesOf(manifest)).toEqual({ n: "VARCHAR" });
    expect(rows.at(-1)).toEqual({ n: "late" });
  });

  it.each<[string, Readonly<Record<string, string | Buffer>>, Partial<TableRule>]>([
    ["tabs", { "t.tsv": "a\tb\n1\tx\n2\ty\n" }, {}],
    ["semicolons", { "t.csv": "a;b\n1;x\n2;y\n" }, {}],
    ["gzip", { "t.csv.gz": gzipSync("a,b\n1,x\n2,y\n") }, {}],
    ["Latin-1", { "t.csv": Buffer.from("a,b\n1,x\n2,y\n", "latin1") }, { encoding: "latin-1" }],
    ["JSON lines", { "t.jsonl": '{"a":1,"b":"x"}\n{"a":2,"b":"y"}\n' }, {}],
    ["JSON", { "t.json": '[{"a":1,"b":"x"},{"a":2,"b":"y"}]' }, {}],
    ["two files", { "t-1.csv": "a,b\n1,x\n", "t-2.csv": "b,a\ny,2\n" }, { files: "t-*.csv" }],
    ["folders of Hive partitions", { "b=x/t.csv": "a\n1\n", "b=y/t.csv": "a\n2\n" }, { files: "**/*.csv" }],
  ])("may have %s", async (_, files, rule) => {
    const { manifest, rows } = await ingested(files, rule);
    expect(typesOf(manifest)).toEqual({ a: "BIGINT", b: "VARCHAR" });
    expect(rows).toEqual([
      { a: "1", b: "x" },
      { a: "2", b: "y" },
    ]);
  });

  it("may be Parquet, whose types are kept", async () => {
    const columns =
      "1::INTEGER AS i, 1.25::DECIMAL(10, 2) AS d, true AS b, DATE '2018-10-01' AS day, TIMESTAMPTZ '2018-10-01 10:00:00+02' AS at, 'x' AS v, [1] AS list";
    const { manifest, rows } = await ingested(
      { "t.parquet": "" },
      { columns: ["i", "d", "b", "day", "at", "v"].map((name) => ({ name })) },
      (db, folder) => db.run(`COPY (SELECT ${columns}) TO '${folder}/t.parquet' (FORMAT parquet)`),
    );
    expect(typesOf(manifest)).toEqual({
      i: "BIGINT",
      d: "DOUBLE",
      b: "BOOLEAN",
      day: "DATE",
      at: "TIMESTAMP",
      v: "VARCHAR",
    });
    expect(rows[0]).toMatchObject({ d: "1.25", at: "2018-10-01 08:00:00" });
  });

  it("may have more columns than the table, and any number of rows in its range", async () => {
    const { manifest } = await ingested(
      { "t.csv": "a,b,c\n1,2,3\n" },
      { columns: [{ name: "c" }, { name: "a", type: "DOUBLE" }], rows: { min: 1, max: 5 } },
    );
    expect(typesOf(manifest)).toEqual({ c: "BIGINT", a: "DOUBLE" });
  });
});

describe("files that cannot be read", () => {
  it.each<[string, Readonly<Record<string, string | Buffer>>, Partial<TableRule>, string]>([
    [
      "are empty",
      { "t.csv": "" },
      {},
      "w: t: t.csv: must have a first line with the names of the columns, got an empty file",
    ],
    [
      "have a row with too many values",
      { "t.csv": "a,b\n1,2\n1,2,3\n" },
      {},
      "w: t: t.csv: line 3 must have 2 values, got 3",
    ],
    [
      "have other columns than the first",
      { "1.csv": "a,b\n1,2\n", "2.csv": "a\n1\n" },
      {},
      "w: t: 2.csv: must have the columns of the first file, 1.csv; missing: b",
    ],
    [
      "are not there",
      { "t.csv": "a\n1\n" },
      { files: "u*.csv" },
      "w: t: files must match a file of the source, got u*.csv; the source has t.csv",
    ],
    [
      "hold lists",
      { "t.jsonl": '{"a":[1]}\n' },
      {},
      "w: t: t.jsonl: columns must be numbers, texts, times or true and false; a is not: leave it out with columns",
    ],
    ["lack the column of the key", { "t.csv": "a\n1\n" }, { key: ["id"] }, "w: t: key must be of a, got id"],
    [
      "have too few rows",
      { "t.csv": "a\n1\n" },
      { rows: { min: 100 } },
      "t: must have at least 100 rows, found 1",
    ],
    [
      "lack too many values",
      { "t.csv": "a,b\n1,2\n,2\n,2\n" },
      { columns: [{ name: "a", nulls: { share: 0.5 } }, { name: "b" }] },
      "t: a: at most a share of 0.5 missing, found 2; such as a missing",
    ],
  ])("because they %s say so", async (_, files, rule, message) => {
    await expect(ingested(files, rule)).rejects.toThrow(message);
  });

  it("show no more than three rows that break a rule, and no secret", async () => {
    const csv = "id,card,age\n1,4111,-1\n2,4112,-2\n3,4113,-3\n4,4114,-4\n";
    const rule: Partial<TableRule> = {
      key: ["id"],
      columns: [
        { name: "id" },
        { name: "card", type: "VARCHAR", pattern: "[a-z]+", secret: true },
        { name: "age", type: "BIGINT", min: 0 },
      ],
    };
    const error = await ingested({ "t.csv": csv }, rule).catch((reason: unknown) => String(reason));
    expect(error).toContain(
      'age: must be at least 0: rows that break it, found 4; such as id "1", age "-1"; id "2", age "-2"; id "3", age "-3"',
    );
    expect(error).toContain(
      'card: must match [a-z]+: rows that break it, found 4; such as id "1", card (secret)',
    );
    expect(error).not.toContain("411");
  });
});
