import { BadInput } from "./errors.ts";

/** Start of DuckDB's messages for errors in a statement or its data. Other errors, such as a full disk, are not the author's fault. */
const AUTHORS_FAULT =
  /^(Binder|Catalog|Constraint|Conversion|Invalid Input|Invalid|Mismatch Type|Not implemented|Out of Range|Parser|Syntax) Error: /i;

/**
 * Runs a function that evaluates SQL or reads rows of a workload. For an error that only the workload's author can fix, throws
 * BadInput with `owner` and DuckDB's message: it is not a defect, and a retry does not help.
 */
export async function authorSql<T>(owner: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!AUTHORS_FAULT.test(message)) throw error;
    throw new BadInput(`${owner}: ${inOneLine(message)}`, { cause: error });
  }
}

/** Returns DuckDB's message without the excerpt of the statement that follows it. */
function inOneLine(message: string): string {
  const [said = ""] = message.split(/\n\s*LINE \d+:/);
  return said.replace(/\s+/g, " ").trim().slice(0, 500);
}
