import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { StepDefinition } from "../../../runtime/contract/step-definition.ts";
import type { ColumnRule, TableRule } from "../../../runtime/contract/table-rule.ts";
import { ingest } from "../../../runtime/data/ingest.ts";
import { openDuckDb } from "../../../runtime/duckdb.ts";
import { withScratch } from "../../../runtime/scratch.ts";
import { tarGz } from "../support/tar-gz.ts";

const GOOD =
  "id,delay,origin,temp,at\n2,5,JFK,40.5,2013-07-01T10:00:00Z\n1,NA,EWR,-1e1,2013-07-01T09:00:00Z\n3,-2,JFK,41,2013-07-01T11:00:00Z\n";

const table: TableRule = {
  name: "flights",
  files: "p/flights.csv",
  rows: 3,
  key: ["id"],
  orderBy: ["at", "id"],
  columns: [
    { name: "id", type: "BIGINT", min: 1 },
    { name: "delay", type: "BIGINT", nulls: 1, min: -10, max: 100 },
    { name: "origin", type: "VARCHAR", values: ["EWR", "JFK"], pattern: "[A-Z]{3}" },
    { name: "temp", type: "DOUBLE" },
    { name: "at", type: "TIMESTAMP" },
  ],
};

function definition(archive: Buffer, rule: TableRule = table): StepDefinition<"ingest"> {
  const sha256 = createHash("sha256").update(archive).digest("hex");
  const file = "p-1.tar.gz";
  const source = {
    kind: "python-package",
    package: "p",
    version: "1",
    file,
    sha256,
    licence: "CC0-1.0",
  } as const;
  return { schemaVersion: 1, workload: "w", source, tables: [rule] };
}

async function ingested<T>(
  csv: string,
  then: (directory: string) => Promise<T>,
  rule: TableRule = table,
): Promise<T> {
  const archive = tarGz({ "p/flights.csv": csv });
  return withScratch(async (directory) => {
    await writeFile(join(directory, "p-1.tar.gz"), archive);
    const db = await openDuckDb({ threads: 2 });
    try {
      await ingest(db, definition(archive, rule), { source: directory, directory });
    } finally {
      db.close();
    }
    return then(directory);
  });
}

describe("ingest", () => {
  it("gives the same bytes twice, sorted, typed and described", async () => {
    const read = (directory: string): Promise<Buffer[]> =>
      Promise.all(["dataset.json", "flights/00000.parquet"].map((file) => readFile(join(directory, file))));
    const first = await ingested(GOOD, read);
    expect(await ingested(GOOD, read)).toEqual(first);
    expect(JSON.parse(first[0]!.toString())).toMatchObject({
      workload: "w",
      tables: [
        {
          name: "flights",
          rows: 3,
          columns: [
            { name: "id", type: "BIGINT" },
            { name: "delay" },
            { name: "origin" },
            { name: "temp" },
            { name: "at" },
          ],
        },
      ],
      source: { package: "p", licence: "CC0-1.0" },
    });
    const rows = await ingested(GOOD, async (directory) => {
      const db = await openDuckDb({ threads: 2 });
      return db.rows(
        `SELECT id::INT AS id, delay::INT AS delay, "at"::VARCHAR AS "at" FROM '${directory}/flights/00000.parquet'`,
      );
    });
    expect(rows).toEqual([
      { id: 1, delay: null, at: "2013-07-01 09:00:00" },
      { id: 2, delay: 5, at: "2013-07-01 10:00:00" },
      { id: 3, delay: -2, at: "2013-07-01 11:00:00" },
    ]);
  });

  it.each<[string, string, string, TableRule?]>([
    ["a missing row", GOOD.replace(/3,.*\n/, ""), "flights: must have 3 rows, found 2"],
    [
      "a key that is there twice",
      GOOD.replace("3,-2", "2,-2"),
      "flights: (id) must be unique: rows too many, found 1",
    ],
    [
      "a word for a number",
      GOOD.replace("5,JFK", "five,JFK"),
      "flights: delay: must be a whole number (BIGINT): rows that break it, found 1",
    ],
    [
      "a fraction in a column of whole numbers, which is not rounded",
      GOOD.replace("5,JFK", "1.5,JFK").replace("-2,JFK", "2.5,JFK"),
      "flights: delay: must be a whole number (BIGINT): rows that break it, found 2",
    ],
    [
      "nan and inf for a number",
      GOOD.replace("40.5", "nan").replace("41", "inf"),
      "flights: temp: must be a finite number (DOUBLE): rows that break it, found 2",
    ],
    [
      "a number too large for its type",
      GOOD.replace("40.5", "1e999").replace("5,JFK", "99999999999999999999,JFK"),
      'flights: delay: must be a whole number (BIGINT): rows that break it, found 1; such as id "2", delay "99999999999999999999"; flights: temp: must be a finite number (DOUBLE): rows that break it, found 1',
    ],
    [
      "a word that DuckDB reads as a time",
      GOOD.replace("2013-07-01T09:00:00Z", "epoch"),
      "flights: at: must be a TIMESTAMP: rows that break it, found 1",
    ],
    [
      "keys that are one key once they are numbers",
      GOOD.replace("2,5", "01,5"),
      "flights: (id) must be unique: rows too many, found 1",
    ],
    [
      "a row with too few values",
      `${GOOD}4,5\n`,
      "w: flights: p/flights.csv: line 5 must have 5 values, got 2",
    ],
    [
      "another dialect than the table says, though DuckDB would guess it",
      GOOD.replaceAll(",", ";"),
      "flights: columns must be in the files; missing: id, delay, origin, temp, at; the files have id;delay;origin;temp;at",
      { ...table, delimiter: "," },
    ],
    ["too many missing", GOOD.replace("5,JFK", "NA,JFK"), "flights: delay: at most 1 missing, found 2"],
    [
      "a value below its range",
      GOOD.replace("-2", "-11"),
      "flights: delay: must be at least -10: rows that break it, found 1",
    ],
    [
      "a value above its range",
      GOOD.replace(",5,", ",101,"),
      "flights: delay: must be at most 100: rows that break it, found 1",
    ],
    [
      "a word that is not allowed",
      GOOD.replace("EWR", "LGA"),
      "flights: origin: must be one of EWR, JFK: rows that break it, found 1",
    ],
    [
      "a broken pattern",
      GOOD.replace("EWR", "ewr1"),
      "flights: origin: must match [A-Z]{3}: rows that break it, found 1",
    ],
    [
      "another column",
      GOOD.replace("delay", "lateness"),
      "flights: columns must be in the files; missing: delay; the files have id, lateness, origin, temp, at",
    ],
  ])("refuses %s and says which rule it breaks", async (_, csv, message, rule = table) => {
    await expect(ingested(csv, () => Promise.resolve(), rule)).rejects.toThrow(message);
  });

  it("takes whole numbers that end in .0, and another delimiter where the table says it", async () => {
    const csv = GOOD.replace("2,5,", "2,5.0,").replaceAll(",", ";");
    const rows = await ingested(
      csv,
      async (directory) => {
        const db = await openDuckDb({ threads: 2 });
        return db.rows(`SELECT delay::INT AS delay FROM '${directory}/flights/00000.parquet' WHERE id = 2`);
      },
      { ...table, delimiter: ";" },
    );
    expect(rows).toEqual([{ delay: 5 }]);
  });

  it("does not take a comment or a quote for what a later row shows it is not", async () => {
    const head = GOOD.split("\n")[0]!;
    const many = Array.from({ length: 30_000 }, (_, i) => `${i + 1},5,"JFK",1,2013-07-01T10:00:00Z`);
    const csv = `${head}\n${many.join("\n")}\n30001,6,"J""K",2,2013-07-01T11:00:00Z\n`;
    const origin: ColumnRule = { name: "origin", type: "VARCHAR" };
    const columns = table.columns!.map((column) => (column.name === "origin" ? origin : column));
    const rows = await ingested(
      csv,
      async (directory) => {
        const db = await openDuckDb({ threads: 2 });
        return db.rows(`SELECT origin FROM '${directory}/flights/00000.parquet' WHERE id = 30001`);
      },
      { ...table, rows: 30_001, columns },
    );
    expect(rows).toEqual([{ origin: 'J"K' }]);
  });

  it("refuses a package with another hash before it opens it", async () => {
    await withScratch(async (directory) => {
      await writeFile(join(directory, "p-1.tar.gz"), "other");
      const db = await openDuckDb({ threads: 1 });
      await expect(
        ingest(db, definition(Buffer.from("pinned")), { source: directory, directory }),
      ).rejects.toThrow(/w: source package must have digest sha256:.*, got sha256:/);
      db.close();
    });
  });
});
