import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ModelDefinition } from "../../../runtime/contract/model-definition.ts";
import { openDuckDb, type DuckDb } from "../../../runtime/duckdb.ts";
import { createPredictionRows } from "../../../runtime/features/prediction-rows.ts";

let db: DuckDb;
beforeAll(async () => {
  db = await openDuckDb({ threads: 2 });
  // A hundred days, ten rows a day; the outcome of the last five days is not known yet.
  await db.run(`CREATE TABLE loans AS SELECT 'L' || i AS id, i % 40 AS customer, i % 10 = 0 AS defaulted,
    CASE WHEN i < 950 THEN i % 10 = 0 END AS outcome, DATE '2020-01-01' + (i // 10)::INTEGER AS day, i AS amount FROM range(1000) t(i)`);
});
afterAll(() => db.close());

type Definition = Pick<ModelDefinition, "rows" | "split">;

async function rowsOf(definition: Definition, select: string): Promise<Record<string, unknown>[]> {
  await createPredictionRows(db, "loans/repaid", definition, "made");
  return db.rows(`SELECT ${select} FROM made`);
}
const COUNTS =
  "count(*)::INT AS n, count(*) FILTER (WHERE split = 'test')::INT AS test, count(DISTINCT row_key)::INT AS keys";

describe("rows of a table", () => {
  it("need a label alone: no history, a split by a hash of the whole row", async () => {
    const [counts] = await rowsOf({ rows: { table: "loans", label: "defaulted" } }, COUNTS);
    expect(counts).toMatchObject({ n: 1000, keys: 1000 });
    expect(Number(counts!["test"])).toBeGreaterThan(160);
    expect(Number(counts!["test"])).toBeLessThan(240);
    expect(await db.rows("SELECT DISTINCT predict_at::VARCHAR AS at FROM made")).toEqual([
      { at: "1970-01-01 00:00:00" },
    ]);
  });

  it("may be equal, and still have keys of their own", async () => {
    await db.run("CREATE OR REPLACE TABLE twins AS SELECT 1 AS a, true AS b FROM range(3)");
    const rows = await rowsOf({ rows: { table: "twins", label: "b" } }, "row_key");
    expect(new Set(rows.map((row) => row["row_key"])).size).toBe(3);
  });

  it("keep a row on its side, whatever rows are added", async () => {
    const definition: Definition = { rows: { table: "part", key: ["id"], label: "defaulted" } };
    await db.run("CREATE OR REPLACE TABLE part AS FROM loans WHERE amount < 500");
    await rowsOf(definition, "1");
    await db.run("CREATE OR REPLACE TABLE before AS FROM made");
    await db.run("CREATE OR REPLACE TABLE part AS FROM loans");
    await rowsOf(definition, "1");
    expect(
      await db.rows(
        "SELECT count(*)::INT AS n, count(*) FILTER (WHERE before.split <> made.split)::INT AS moved FROM before JOIN made USING (row_key)",
      ),
    ).toEqual([{ n: 500, moved: 0 }]);
  });

  it("of one customer stay together where it is asked", async () => {
    const split: Definition["split"] = { by: "key", together: ["customer"], test: 0.3 };
    const rows = await rowsOf(
      { rows: { table: "loans", key: ["id"], label: "defaulted" }, split },
      "DISTINCT customer, split",
    );
    expect(rows).toHaveLength(40);
    expect(new Set(rows.map(({ split: side }) => side))).toEqual(new Set(["train", "test"]));
  });

  it("have the share of every label to one row where it is asked", async () => {
    const split: Definition["split"] = { by: "key", stratify: true, test: 0.25 };
    await rowsOf({ rows: { table: "loans", key: ["id"], label: "defaulted" }, split }, "1");
    expect(
      await db.rows(
        "SELECT label, count(*) FILTER (WHERE split = 'test')::INT AS test FROM made GROUP BY ALL ORDER BY label",
      ),
    ).toEqual([
      { label: false, test: 225 },
      { label: true, test: 25 },
    ]);
  });

  it("with another seed are split in another way", async () => {
    const rows = { table: "loans", key: ["id"], label: "defaulted" } as const;
    const tests = async (seed: number): Promise<unknown[]> =>
      (await rowsOf({ rows, split: { by: "key", seed } }, "row_key, split"))
        .filter(({ split }) => split === "test")
        .map((row) => row["row_key"])
        .sort();
    expect(await tests(0)).toEqual(await tests(0));
    expect(await tests(0)).not.toEqual(await tests(1));
  });
});

describe("rows with a time", () => {
  const rows = { table: "loans", key: ["id"], time: "day", label: "outcome" } as const;
  const sides = async (split: Definition["split"]): Promise<Record<string, unknown>[]> => {
    await rowsOf({ rows, split }, "1");
    return db.rows(
      "SELECT split, min(predict_at)::DATE::VARCHAR AS first, max(predict_at)::DATE::VARCHAR AS last FROM made WHERE label IS NOT NULL GROUP BY ALL ORDER BY split DESC",
    );
  };

  it("are split by it: the newest fifth of those whose outcome is known is for testing", async () => {
    const [train, test] = await sides(undefined);
    expect(train).toMatchObject({ split: "train", first: "2020-01-01" });
    expect(test).toMatchObject({ split: "test", last: "2020-04-04" });
    expect(
      await db.number(
        "SELECT count(*) FILTER (WHERE split = 'test') / count(*) FROM made WHERE label IS NOT NULL",
      ),
    ).toBeCloseTo(0.2, 1);
  });

  it("have windows that move with the data, and a gap for outcomes that come late", async () => {
    const split: Definition["split"] = { by: "time", test: { days: 10 }, train: { days: 30 }, gapDays: 7 };
    expect(await sides(split)).toEqual([
      { split: "train", first: "2020-02-18", last: "2020-03-18" },
      { split: "test", first: "2020-03-26", last: "2020-04-04" },
    ]);
  });
});

describe("rows by SQL", () => {
  it("keep the columns that they have", async () => {
    const sql =
      "SELECT id AS row_key, day AS predict_at, CASE WHEN amount < 900 THEN 'train' ELSE 'test' END AS split, defaulted AS label, amount FROM loans";
    const [first] = await rowsOf({ rows: sql }, "* EXCLUDE (predict_at)");
    expect(first).toEqual({ row_key: "L0", label: true, split: "train", amount: 0n });
  });

  it("are split by the definition where it says how, whatever their own column says", async () => {
    const sql = "SELECT id AS row_key, 'train' AS split, defaulted AS label FROM loans";
    const [counts] = await rowsOf({ rows: sql, split: { by: "key" } }, COUNTS);
    expect(Number(counts!["test"])).toBeGreaterThan(100);
  });

  it("that cannot be run say so, with DuckDB's reason", async () => {
    await expect(rowsOf({ rows: "SELECT nothing FROM loans" }, "1")).rejects.toThrow(
      /^loans\/repaid: rows: Binder Error: Referenced column "nothing" not found/,
    );
    await expect(rowsOf({ rows: "SELECT id FROM loans" }, "1")).rejects.toThrow(
      /loans\/repaid: rows: .*label/,
    );
  });
});
