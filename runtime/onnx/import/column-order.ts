import type { Task } from "../../contract/task.ts";
import { BadInput } from "../../errors.ts";

/**
 * Returns the columns of an output in the order of the task's scores: for yes or no the column of yes; for classes those of the definition
 * in their order; undefined if it has that order. Throws BadInput if it has too many columns, or other classes.
 *
 * @param classes - names of the columns, as far as the file has them
 */
export function columnOrder(
  task: Task,
  columns: number,
  classes: readonly string[] | undefined,
): number[] | undefined {
  if (task.kind === "binary") return columns === 1 ? undefined : [yesColumn(task, columns, classes)];
  if (task.kind === "multiclass") return classOrder(task.classes, columns, classes);
  if (columns === 1) return undefined;
  throw new BadInput(
    `output must have one number for each row, got ${columns}${classes === undefined ? "" : `, which are classes (${classes.join(", ")})`}; ${classes === undefined ? "name the right output with --output" : "change the task of the definition"}`,
  );
}

/** Returns the column of yes of two: that of the positive label, or else the second. */
function yesColumn(
  { positive }: Extract<Task, { kind: "binary" }>,
  columns: number,
  classes: readonly string[] | undefined,
): number {
  if (columns !== 2)
    throw new BadInput(
      `output must have a probability, or those of no and yes, for each row, got ${columns} columns; the definition needs task: { kind: "multiclass" } for several classes`,
    );
  const named = classes?.indexOf(String(positive)) ?? -1;
  if (positive === undefined || named >= 0) {
    // Labels 0 and 1, or true and false, are sorted by every library.
    return positive === undefined ? 1 : named;
  }
  if (classes === undefined || classes.join() === "0,1") return 1;
  throw new BadInput(
    `classes of the file must have ${JSON.stringify(positive)}, the positive label of the definition, got ${classes.join(", ")}; change task.positive`,
  );
}

function classOrder(
  wanted: readonly string[] | undefined,
  columns: number,
  classes: readonly string[] | undefined,
): number[] | undefined {
  if (wanted === undefined)
    throw new BadInput(
      `the definition must name the classes in the order of the output, because a finished model has learnt them: task: { kind: "multiclass", classes: ${JSON.stringify(classes ?? ["…"])} }`,
    );
  if (columns !== wanted.length)
    throw new BadInput(
      `output must have the probabilities of ${wanted.length} classes (${wanted.join(", ")}), got ${columns} columns`,
    );
  // Numbers that count from 0 say nothing of the names: the order of the definition holds.
  if (classes === undefined || classes.every((name, code) => name === String(code))) return undefined;
  const order = wanted.map((name) => classes.indexOf(name));
  if (order.includes(-1))
    throw new BadInput(
      `classes of the file must be those of the definition (${wanted.join(", ")}), got ${classes.join(", ")}`,
    );
  return order.every((column, at) => column === at) ? undefined : order;
}
