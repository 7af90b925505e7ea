import { describe, expect, it } from "vitest";
import { openDuckDb } from "../../../runtime/duckdb.ts";
import { BadInput } from "../../../runtime/errors.ts";
import { checkPredictionRows } from "../../../runtime/features/check-prediction-rows.ts";
import { learnTask } from "../../../runtime/features/labels.ts";
import { twoMonths } from "../support/synthetic-rows.ts";

const model = { ...twoMonths, request: [{ name: "amount", kind: "numeric" as const }], segments: ["region"] };

/** Four good rows; `columns` replaces some of them in SQL over `i` from 0 to 3. */
async function check(columns: Record<string, string> = {}, without: string[] = []): Promise<unknown> {
  const good: Record<string, string> = {
    row_key: "'r' || i",
    predict_at: "TIMESTAMP '2020-01-01' + to_days(i::INTEGER)",
    split: "CASE WHEN i < 2 THEN 'train' ELSE 'test' END",
    label: "i % 2",
    customer: "'c'",
    amount: "5.0",
    region: "'north'",
    ...columns,
  };
  const selected = Object.entries(good)
    .filter(([name]) => !without.includes(name))
    .map(([name, sql]) => `${sql} AS ${name}`);
  const db = await openDuckDb({ threads: 1 });
  try {
    await db.run(`CREATE TABLE rows_of_model AS SELECT ${selected.join(", ")} FROM range(4) t(i)`);
    await checkPredictionRows(db, "rows_of_model", "w/m", model, ["customer"]);
    await learnTask(db, "rows_of_model", "w/m", model.task);
    return "fine";
  } catch (error) {
    expect(error).toBeInstanceOf(BadInput);
    return (error as BadInput).message;
  } finally {
    db.close();
  }
}

describe("the rows of a model", () => {
  it("need no month, and may have labels that are numbers or booleans, or unknown", async () => {
    expect(await check()).toBe("fine");
    expect(await check({ label: "i % 2 = 1" })).toBe("fine");
    expect(await check({ label: "(i % 2)::DOUBLE" })).toBe("fine");
  });

  it.each<[string, Record<string, string>, string]>([
    [
      "a key that is there twice",
      { row_key: "'r'" },
      "w/m: row_key must be present and unique: rows that break it 3",
    ],
    [
      "no time",
      { predict_at: "NULL::TIMESTAMP" },
      "w/m: predict_at must be a TIMESTAMP: rows that break it 4",
    ],
    ["another split", { split: "'validation'" }, "w/m: split must be train or test: rows that break it 4"],
    [
      "a label that is a word",
      { label: "'prepaid_card'" },
      "w/m: label must be 0, 1 or null (for other values name task.positive, or another task): rows that break it 4",
    ],
    [
      "a price for a label, and no split",
      { label: "1000.5 * i", split: "NULL" },
      "w/m: split must be train or test: rows that break it 4; label must be 0, 1 or null (for other values name task.positive, or another task): rows that break it 3",
    ],
    [
      "one label only",
      { label: "0" },
      "w/m: train rows must have at least two different labels, got 2 rows with the same",
    ],
    ["no test rows", { split: "'train'" }, "w/m: test rows must have labels, got none; see split"],
  ])("are refused with %s, rule by rule", async (_, columns, message) => {
    expect(await check(columns)).toBe(message);
  });

  it("are refused where a column is missing that the definition names", async () => {
    expect(await check({}, ["region", "customer"])).toBe(
      "w/m: rows must have the columns row_key, predict_at, split, label, customer, amount, region; missing: customer, region; got row_key, predict_at, split, label, amount",
    );
  });
});
