import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { TableRule, Workload } from "../../../runtime/contract/workload.ts";
import { ingest } from "../../../runtime/data/ingest.ts";
import { openDuckDb } from "../../../runtime/duckdb.ts";
import { withScratch } from "../../../runtime/scratch.ts";
import { tarGz } from "../support/tar-gz.ts";

const GOOD =
  "id,delay,origin,at\n2,5,JFK,2013-07-01T10:00:00Z\n1,NA,EWR,2013-07-01T09:00:00Z\n3,-2,JFK,2013-07-01T11:00:00Z\n";

const table: TableRule = {
  name: "flights",
  member: "p/flights.csv",
  rows: 3,
  key: ["id"],
  orderBy: ["at", "id"],
  columns: [
    { name: "id", type: "BIGINT", min: 1 },
    { name: "delay", type: "BIGINT", nulls: 1, min: -10, max: 100 },
    { name: "origin", type: "VARCHAR", values: ["EWR", "JFK"], pattern: "[A-Z]{3}" },
    { name: "at", type: "TIMESTAMP" },
  ],
};

function workload(archive: Buffer): Workload {
  const sha256 = createHash("sha256").update(archive).digest("hex");
  const source = { package: "p", version: "1", file: "p-1.tar.gz", sha256, licence: "CC0-1.0" };
  return { name: "w", description: "", source, tables: [table], views: [], models: [] };
}

async function ingested<T>(csv: string, then: (directory: string) => Promise<T>): Promise<T> {
  const archive = tarGz({ "p/flights.csv": csv });
  return withScratch(async (directory) => {
    await writeFile(join(directory, "p-1.tar.gz"), archive);
    const db = await openDuckDb({ threads: 2 });
    try {
      await ingest(db, workload(archive), join(directory, "p-1.tar.gz"), directory);
    } finally {
      db.close();
    }
    return then(directory);
  });
}

describe("ingest", () => {
  it("gives the same bytes twice, sorted, typed and described", async () => {
    const read = (directory: string): Promise<Buffer[]> =>
      Promise.all(["dataset.json", "flights.parquet"].map((file) => readFile(join(directory, file))));
    const first = await ingested(GOOD, read);
    expect(await ingested(GOOD, read)).toEqual(first);
    expect(JSON.parse(first[0]!.toString())).toMatchObject({
      workload: "w",
      tables: [
        {
          file: "flights.parquet",
          rows: 3,
          columns: [{ name: "id", type: "BIGINT" }, { name: "delay" }, { name: "origin" }, { name: "at" }],
        },
      ],
      source: { package: "p", licence: "CC0-1.0" },
    });
    const rows = await ingested(GOOD, async (directory) => {
      const db = await openDuckDb({ threads: 2 });
      return db.rows(
        `SELECT id::INT AS id, delay::INT AS delay, "at"::VARCHAR AS "at" FROM '${directory}/flights.parquet'`,
      );
    });
    expect(rows).toEqual([
      { id: 1, delay: null, at: "2013-07-01 09:00:00" },
      { id: 2, delay: 5, at: "2013-07-01 10:00:00" },
      { id: 3, delay: -2, at: "2013-07-01 11:00:00" },
    ]);
  });

  it.each([
    ["a missing row", GOOD.replace(/3,.*\n/, ""), "flights: must have 3 rows, found 2"],
    [
      "a key that is there twice",
      GOOD.replace("3,-2", "2,-2"),
      "flights: (id) must be unique: rows too many, found 1",
    ],
    [
      "a word for a number",
      GOOD.replace("5,JFK", "five,JFK"),
      "flights: delay: must be BIGINT: rows that break it, found 1",
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
      "flights: columns must be id, delay, origin, at; missing: delay; not known: lateness",
    ],
  ])("refuses %s and says which rule it breaks", async (_, csv, message) => {
    await expect(ingested(csv, () => Promise.resolve())).rejects.toThrow(message);
  });

  it("refuses a package with another hash before it opens it", async () => {
    await withScratch(async (directory) => {
      const file = join(directory, "p-1.tar.gz");
      await writeFile(file, "other");
      const db = await openDuckDb({ threads: 1 });
      await expect(ingest(db, workload(Buffer.from("pinned")), file, directory)).rejects.toThrow(
        /w: source package must have digest sha256:.*, got sha256:/,
      );
      db.close();
    });
  });
});
