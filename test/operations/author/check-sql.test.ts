import { expect, it } from "vitest";
import { checkSql } from "../../../operations/author/check-sql.ts";
import type { ModelDefinition } from "../../../runtime/contract/model-definition.ts";
import type { Workload } from "../../../runtime/contract/workload.ts";
import { flightDelays, pushbackRows } from "../../runtime/support/flight-delays.ts";

const [model] = flightDelays.models;
const withRows = (rows: ModelDefinition["rows"], changes: Partial<Workload> = {}): Workload => ({
  ...flightDelays,
  models: [{ ...model!, rows }],
  ...changes,
});
const faultsOf = async (workload: Workload): Promise<string[]> =>
  (await checkSql(workload, "w.ts")).map(({ message }) => message);
const anyColumns = flightDelays.tables.map(({ columns: _, ...table }) => table);

it("finds no fault in the example", async () => {
  expect(await faultsOf(flightDelays)).toEqual([]);
});

it.each([
  ["does not parse", "SELECT *\nFROM flights\n  WHER x = 1", 'line 3, column 8: syntax error at or near "x"'],
  ["is no SELECT", "DROP TABLE flights", "must be one SELECT, which reads and changes nothing"],
  ["is two statements", "SELECT 1; SELECT 2", "must be one SELECT without ; at its end, got 2"],
  ["ends with ;", "SELECT 1 AS label, 'train' AS split;", "must not end with ; or with a comment"],
  ["ends with a comment", "SELECT 1 AS label -- all", "must not end with ; or with a comment"],
  ["is empty", "  ", "must be one SELECT without ; at its end, got 0"],
])(
  "refuses rows whose SQL %s, by line and column, also where columns are not declared",
  async (_, sql, message) => {
    const found = await checkSql(withRows(sql, { tables: anyColumns, views: [] }), "w.ts");
    expect(found).toEqual([
      {
        model: "pushback",
        message: expect.stringContaining(`w.ts: models.pushback.rows: ${message}`) as string,
      },
    ]);
  },
);

it("names an unknown column by its line and column, where all columns are declared", async () => {
  const sql = pushbackRows.replace("distance, dep_delay", "distance, dep_dela");
  const line =
    sql.split("\n").findIndex((each) => each.includes("dep_dela\n") || each.endsWith("dep_dela")) + 1;
  const [fault = ""] = await faultsOf(withRows(sql));
  expect(fault).toMatch(
    new RegExp(
      `^w.ts: models.pushback.rows: line ${line}, column \\d+: Referenced column "dep_dela" not found`,
    ),
  );
  expect(await faultsOf(withRows(sql, { tables: anyColumns }))).toEqual([]);
});

it("names the columns that rows lack", async () => {
  const [fault = ""] = await faultsOf(withRows("SELECT 1 AS label, 'train' AS split FROM flights"));
  expect(fault).toContain("w.ts: models.pushback.rows: must return the columns label, ");
  expect(fault).toContain("missing: origin, tailnum");
});

it("checks the condition of a table's rows, counted from its own start", async () => {
  const rows = { table: "flights", label: "arr_delay", where: "dep_delay > AND month = 1" };
  expect(await faultsOf(withRows(rows))).toEqual([
    'w.ts: models.pushback.rows.where: line 1, column 13: syntax error at or near "AND"',
  ]);
  expect((await faultsOf(withRows({ ...rows, where: "nope > 1" })))[0]).toContain(
    'rows.where: line 1, column 1: Referenced column "nope" not found',
  );
});

it("checks the history of a view, which concerns every model", async () => {
  const [view, ...others] = flightDelays.views;
  const found = await checkSql(
    { ...flightDelays, views: [{ ...view!, history: "SELECT origin FROM weather" }, ...others] },
    "w.ts",
  );
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ model: undefined });
  expect(found[0]?.message).toContain(
    `w.ts: views.${view!.name}.history: must return the columns origin, event_at`,
  );
});
