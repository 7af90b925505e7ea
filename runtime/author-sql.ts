import { BadInput } from "./errors.ts";

/** How DuckDB begins the errors that a statement or its data cause; others, such as a full disk, are not the author's. */
const AUTHORS_FAULT =
  /^(Binder|Catalog|Constraint|Conversion|Invalid Input|Invalid|Mismatch Type|Not implemented|Out of Range|Parser|Syntax) Error: /i;

/**
 * Runs something that evaluates SQL or reads rows of a workload. Throws BadInput, with `owner` and DuckDB's own words, for what
 * only the author of the workload can mend: it is no defect, and a second try does not help.
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

/** DuckDB's message without the drawing of the statement that follows it. */
function inOneLine(message: string): string {
  const [said = ""] = message.split(/\n\s*LINE \d+:/);
  return said.replace(/\s+/g, " ").trim().slice(0, 500);
}
