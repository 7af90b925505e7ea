import { BadInput } from "../../runtime/errors.ts";

/** Splits CSV with commas into lines of cells. Cells may have quotes `"`, and a quote within them is doubled. Empty lines are left out. */
export function parseCsv(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  let cell = "";
  let isQuoted = false;
  const endCell = (): void => {
    line.push(cell);
    cell = "";
  };
  const endLine = (): void => {
    endCell();
    if (line.length > 1 || line[0] !== "") lines.push(line);
    line = [];
  };
  const content = text.replace(/^\uFEFF/, "");
  for (let at = 0; at < content.length; at++) {
    const character = content[at]!;
    if (isQuoted && character === '"' && content[at + 1] === '"') cell += content[++at];
    else if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted) cell += character;
    else if (character === ",") endCell();
    else if (character === "\n") endLine();
    else if (character !== "\r") cell += character;
  }
  if (isQuoted) throw new BadInput(`line ${lines.length + 1}: a quote must end, got the end of the file`);
  endLine();
  return lines;
}
