import { BadInput } from "../../errors.ts";
import { MAX_ROWS } from "../infer-request.ts";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Reads rows of `width` numbers, without a header or quotes; an empty field, `nan` or `null` is a missing value. Throws
 * BadInput at the first fault.
 */
export function parseCsv(text: string, width: number): (number | null)[][] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/, MAX_ROWS + 2);
  if (lines.at(-1) === "") lines.pop();
  if (lines.length === 0) throw new BadInput("body must have one line per row, got none");
  if (lines.length > MAX_ROWS)
    throw new BadInput(`body must have at most ${MAX_ROWS} lines, got more; send them in parts`);
  return lines.map((line, l) => {
    const fields = line.split(",", width + 1);
    if (fields.length !== width)
      throw new BadInput(
        `line ${l + 1} must have ${width} fields, one per feature, got ${fields.length > width ? "more" : fields.length}`,
      );
    return fields.map((field, f) => {
      const value = field.trim();
      if (value === "" || /^(nan|null)$/i.test(value)) return null;
      if (NUMBER.test(value)) return Number(value);
      throw new BadInput(
        `line ${l + 1}, field ${f + 1}: must be a number, or empty where it is missing, without a header; categories are codes`,
      );
    });
  });
}
