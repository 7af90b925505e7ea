import { describe, expect, it } from "vitest";
import { authorSql } from "../../runtime/author-sql.ts";
import { BadInput } from "../../runtime/errors.ts";

const run = (message: string): Promise<unknown> =>
  authorSql("w/m: rows", () => Promise.reject(new Error(message))).catch((error: unknown) => error);

describe("SQL of a workload", () => {
  it.each([
    [
      'Binder Error: Table "r" does not have a column named "month"\n\nCandidate bindings: : "row_key"\n\nLINE 2: r.month,\n        ^',
      'w/m: rows: Binder Error: Table "r" does not have a column named "month" Candidate bindings: : "row_key"',
    ],
    [
      "Conversion Error: Could not convert string 'prepaid_card' to INT32",
      "w/m: rows: Conversion Error: Could not convert string 'prepaid_card' to INT32",
    ],
    [
      'Parser Error: syntax error at or near "FORM"',
      'w/m: rows: Parser Error: syntax error at or near "FORM"',
    ],
  ])("that is wrong is its author's fault: %s", async (message, told) => {
    const error = await run(message);
    expect(error).toBeInstanceOf(BadInput);
    expect((error as BadInput).message).toBe(told);
  });

  it.each(["IO Error: No space left on device", "Out of Memory Error: failed to allocate", "x is undefined"])(
    "that fails for another reason stays what it is: %s",
    async (message) => {
      const error = await run(message);
      expect(error).not.toBeInstanceOf(BadInput);
      expect((error as Error).message).toBe(message);
    },
  );

  it("that runs gives its result", async () => {
    expect(await authorSql("w", () => Promise.resolve(5))).toBe(5);
  });
});
