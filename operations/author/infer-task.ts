import type { Task } from "../../runtime/contract/task.ts";
import { WrongRequest } from "../wrong-request.ts";
import { MOST_CLASSES_OF_NUMBERS, type ColumnProfile } from "./profile-table.ts";

export interface InferredTask {
  task: Task;
  /** Why it is this task, for a person. */
  reason: string;
}

/** Values that mean yes, in the order in which they are looked for. */
const YES = ["true", "yes", "y", "t", "1", "positive", "pos"];
/** Most classes of a label that is text: one with more is rather a name. */
const MOST_CLASSES = 100;

/** Infers what a model predicts from its label, or checks that the label fits the task that is asked for. Throws a WrongRequest if it does not. */
export function inferTask(
  target: ColumnProfile,
  { kind, group }: { kind?: Task["kind"] | undefined; group?: string | undefined } = {},
): InferredTask {
  const { name, type, distinct, values } = target;
  const refuse = (rule: string): never => {
    throw new WrongRequest(`--target ${name}: ${rule}`);
  };
  if (distinct === 0) refuse("must have values, and every row lacks one");
  if (distinct === 1) refuse(`must have at least two different values, got ${target.min ?? ""} in every row`);
  const numeric = type === "BIGINT" || type === "DOUBLE";
  if ((kind ?? "ranking") === "ranking") {
    if (kind === "ranking" && group === undefined)
      throw new WrongRequest("--task ranking: needs --group COLUMN, whose rows are ranked together");
    if (kind === undefined && group !== undefined)
      throw new WrongRequest("--group: goes with --task ranking");
  } else if (group !== undefined) throw new WrongRequest("--group: goes with --task ranking");
  switch (kind ?? guess(target)) {
    case "binary":
      if (distinct !== 2)
        refuse(
          `must have two different values for --task binary, got ${distinct}; did you mean --task ${numeric ? "regression" : "multiclass"}?`,
        );
      return binary(target, kind !== undefined);
    case "multiclass":
      if (distinct > MOST_CLASSES)
        refuse(
          `must have at most ${MOST_CLASSES} classes, got ${distinct} different values${numeric ? "; did you mean --task regression?" : ": it looks like a name or a text"}`,
        );
      return {
        task: { kind: "multiclass" },
        reason:
          kind === undefined
            ? numeric
              ? `${name} has ${distinct} different whole numbers (at most ${MOST_CLASSES_OF_NUMBERS} count as classes; --task regression predicts the number)`
              : `${name} is a text with ${distinct} different values`
            : "asked for",
      };
    case "regression":
      if (!numeric)
        refuse(
          `must be a number for --task regression, got ${type}, such as ${values[0]?.value ?? target.min ?? ""}`,
        );
      return {
        task: { kind: "regression" },
        reason: kind === undefined ? `${name} is a number with ${distinct} different values` : "asked for",
      };
    case "ranking":
      if (type !== "BIGINT" || Number(target.min) < 0 || Number(target.max) > 30)
        refuse(
          `must be a whole number from 0 to 30 for --task ranking, how relevant a row is, got ${type} from ${target.min ?? ""} to ${target.max ?? ""}`,
        );
      return { task: { kind: "ranking", group: group! }, reason: "asked for" };
    case undefined:
      return refuse(`must be a number, a class, or yes and no, got a ${type}; a time cannot be predicted`);
  }
}

function guess({ type, distinct }: ColumnProfile): Task["kind"] | undefined {
  if (type === "DATE" || type === "TIMESTAMP") return undefined;
  if (distinct === 2) return "binary";
  if (type === "DOUBLE") return "regression";
  if (type === "BIGINT") return distinct <= MOST_CLASSES_OF_NUMBERS ? "multiclass" : "regression";
  return "multiclass";
}

function binary({ name, type, values }: ColumnProfile, asked: boolean): InferredTask {
  const texts = values.map(({ value }) => value);
  const reason = asked ? "asked for" : `${name} has two values, ${texts.join(" and ")}`;
  const isZeroOne = texts.every((text) => Number(text) === 0 || Number(text) === 1);
  if (type === "BOOLEAN" || (type !== "VARCHAR" && isZeroOne)) return { task: { kind: "binary" }, reason };
  const yes = YES.find((word) => texts.some((text) => text.toLowerCase() === word));
  const positive = texts.find((text) => text.toLowerCase() === yes) ?? texts.at(-1)!;
  return {
    task: { kind: "binary", positive },
    reason: `${reason}; ${positive} counts as yes${yes === undefined ? ", because it is rarer" : ""}`,
  };
}
