import type { LearntTask, Task } from "../contract/task.ts";
import { identifier, literal, type DuckDb } from "../duckdb.ts";
import { BadInput } from "../errors.ts";

/** Most classes that are learnt from the data: a label with more is rather a number or a name. */
const MAX_CLASSES = 1000;

/** The rule for the labels of a task, and the SQL that is true for a label that breaks it. */
export function labelRule(task: Task): { rule: string; breaks: string } {
  const number = "TRY_CAST(label AS DOUBLE)";
  switch (task.kind) {
    case "binary":
      return task.positive === undefined
        ? {
            rule: "label must be 0, 1 or null (for other values name task.positive, or another task)",
            breaks: `coalesce(${number}, -1) NOT IN (0, 1)`,
          }
        : { rule: "label may be any value", breaks: "false" };
    case "multiclass":
      return task.classes === undefined
        ? { rule: "label may be any value", breaks: "false" }
        : {
            rule: `label must be one of ${task.classes.join(", ")}, or null`,
            breaks: `label::VARCHAR NOT IN (${task.classes.map(literal).join(", ")})`,
          };
    case "regression":
      return task.of === "count"
        ? {
            rule: "label must be a number from 0 on, or null",
            breaks: `NOT coalesce(isfinite(${number}) AND ${number} >= 0, false)`,
          }
        : {
            rule: "label must be a finite number, or null",
            breaks: `NOT coalesce(isfinite(${number}), false)`,
          };
    case "ranking":
      return {
        rule: "label must be a whole number from 0 to 30, or null",
        breaks: `NOT coalesce(${number} BETWEEN 0 AND 30 AND ${number} = floor(${number}), false)`,
      };
  }
}

/** Returns the SQL of a label as the number in the feature table. */
export function encodedLabel(task: LearntTask, label: string): string {
  switch (task.kind) {
    case "binary":
      return task.positive === undefined
        ? label
        : `CASE WHEN ${label} IS NOT NULL THEN (${label}::VARCHAR = ${literal(String(task.positive))})::INTEGER END`;
    case "multiclass":
      return `CASE WHEN ${label} IS NOT NULL THEN list_position([${task.classes.map(literal).join(", ")}], ${label}::VARCHAR) - 1 END`;
    case "regression":
    case "ranking":
      return `${label}::DOUBLE`;
  }
}

/**
 * Returns the task with the classes of the training rows, if the definition does not list them. Throws BadInput if rows of a side have no
 * label, or labels of one kind alone, from which nothing can be learnt.
 */
export async function learnTask(db: DuckDb, rows: string, owner: string, task: Task): Promise<LearntTask> {
  const learnt =
    task.kind === "multiclass" ? { ...task, classes: await classesOf(db, rows, owner, task) } : task;
  const encoded = encodedLabel(learnt, "label");
  const counts = await db.rows(
    `SELECT split::VARCHAR AS split, count(${encoded})::DOUBLE AS labelled, count(DISTINCT ${encoded})::DOUBLE AS kinds
     FROM ${identifier(rows)} GROUP BY ALL`,
  );
  for (const side of ["train", "test"]) {
    const found = counts.find(({ split }) => split === side);
    if (Number(found?.["labelled"] ?? 0) === 0)
      throw new BadInput(`${owner}: ${side} rows must have labels, got none; see split`);
    const needed = side === "train" || task.kind === "binary" ? 2 : 1;
    if (Number(found?.["kinds"]) < needed)
      throw new BadInput(
        `${owner}: ${side} rows must have at least two different labels, got ${String(found?.["labelled"])} rows with the same`,
      );
  }
  return learnt;
}

async function classesOf(
  db: DuckDb,
  rows: string,
  owner: string,
  { classes }: Extract<Task, { kind: "multiclass" }>,
): Promise<readonly string[]> {
  if (classes !== undefined) return classes;
  const found = await db.rows(
    `SELECT DISTINCT label::VARCHAR AS label FROM ${identifier(rows)} WHERE split = 'train' AND label IS NOT NULL ORDER BY 1 LIMIT ${MAX_CLASSES + 1}`,
  );
  const names = found.map(({ label }) => String(label));
  if (names.length < 2 || names.length > MAX_CLASSES)
    throw new BadInput(
      `${owner}: label must have 2 to ${MAX_CLASSES} classes in the training rows, got ${names.length > MAX_CLASSES ? "more" : names.length}`,
    );
  const unknown = await db.rows(
    `SELECT DISTINCT label::VARCHAR AS label FROM ${identifier(rows)} WHERE label::VARCHAR NOT IN (${names.map(literal).join(", ")}) LIMIT 3`,
  );
  if (unknown.length > 0)
    throw new BadInput(
      `${owner}: label must be a class of the training rows in all rows, got ${unknown.map(({ label }) => String(label)).join(", ")} in test rows; list task.classes, or split with stratify`,
    );
  return names;
}
