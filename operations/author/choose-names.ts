import { basename } from "node:path";

/** Words that name a label in any data set, and so no model. */
const GENERAL = ["label", "target", "y", "class", "outcome", "result", "output"];

/** Returns the name of the table that files hold: the name of the first one without its ending, as SQL takes it without quotes. */
export function tableName(files: readonly string[]): string {
  const stem = basename(files[0] ?? "").replace(/\..*$/, "");
  return snake(stem) || "rows";
}

/** Returns the name of a model that predicts a column: the column's own, or that of the workload where the column's says nothing. */
export function modelName(target: string, workload: string): string {
  const name = snake(target).replaceAll("_", "-");
  return name === "" || /^\d/.test(name) || GENERAL.includes(name) ? workload : name;
}

function snake(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .toLowerCase()
    .replace(/^(?=\d)/, "t");
}
