import { BadInput } from "../../errors.ts";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Rows of numbers, without a header or quotes; an empty field, `nan` or `null` is a missing value. Throws BadInput. */
export function parseCsv(text: string): (number | null)[][] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  if (lines.length === 0) throw new BadInput("body must have one line per row, got none");
  return lines.map((line, l) =>
    line.split(",").map((field, f) => {
      const value = field.trim();
      if (value === "" || /^(nan|null)$/i.test(value)) return null;
      if (NUMBER.test(value)) return Number(value);
      throw new BadInput(
        `line ${l + 1}, field ${f + 1}: must be a number, or empty where it is missing, without a header; categories are codes`,
      );
    }),
  );
}
