import { expect, it } from "vitest";
import { inferTask } from "../../../operations/author/infer-task.ts";
import type { ColumnProfile } from "../../../operations/author/profile-table.ts";

const target = (type: ColumnProfile["type"], distinct: number, values: string[] = []): ColumnProfile => ({
  name: "y",
  type,
  missing: 0,
  distinct,
  min: values[0] ?? "0",
  max: values.at(-1) ?? "9",
  values: values.map((value) => ({ value, rows: 10 })),
});

it.each([
  ["BOOLEAN", 2, ["true", "false"], { kind: "binary" }],
  ["BIGINT", 2, ["0", "1"], { kind: "binary" }],
  ["DOUBLE", 2, ["0.0", "1.0"], { kind: "binary" }],
  ["BIGINT", 2, ["2", "1"], { kind: "binary", positive: "1" }],
  ["VARCHAR", 2, ["No", "Yes"], { kind: "binary", positive: "Yes" }],
  ["VARCHAR", 2, ["kept", "cancelled"], { kind: "binary", positive: "cancelled" }],
  ["VARCHAR", 3, ["a", "b", "c"], { kind: "multiclass" }],
  ["BIGINT", 5, [], { kind: "multiclass" }],
  ["BIGINT", 11, [], { kind: "regression" }],
  ["DOUBLE", 3, [], { kind: "regression" }],
] as const)("a target of type %s with %i values %j is %j", (type, distinct, values, task) => {
  expect(inferTask(target(type, distinct, [...values])).task).toEqual(task);
});

it.each([
  [target("BIGINT", 5), { kind: "regression" }, { kind: "regression" }],
  [target("BIGINT", 5), { kind: "ranking", group: "q" }, { kind: "ranking", group: "q" }],
] as const)("a task that is asked for counts", (column, asked, task) => {
  expect(inferTask(column, asked).task).toEqual(task);
});

it.each([
  [target("VARCHAR", 0), {}, "--target y: must have values, and every row lacks one"],
  [
    target("VARCHAR", 1, ["yes"]),
    {},
    "--target y: must have at least two different values, got yes in every row",
  ],
  [target("TIMESTAMP", 9), {}, "--target y: must be a number, a class, or yes and no, got a TIMESTAMP"],
  [
    target("VARCHAR", 900),
    {},
    "--target y: must have at most 100 classes, got 900 different values: it looks like a name",
  ],
  [
    target("VARCHAR", 3),
    { kind: "regression" },
    "--target y: must be a number for --task regression, got VARCHAR",
  ],
  [target("BIGINT", 9), { kind: "binary" }, "did you mean --task regression?"],
  [target("BIGINT", 9), { kind: "ranking" }, "--task ranking: needs --group COLUMN"],
  [
    target("DOUBLE", 9),
    { kind: "ranking", group: "q" },
    "must be a whole number from 0 to 30 for --task ranking",
  ],
  [target("BIGINT", 9), { group: "q" }, "--group: goes with --task ranking"],
] as const)("refuses a target that does not fit", (column, asked, message) => {
  expect(() => inferTask(column, asked)).toThrow(message);
});
