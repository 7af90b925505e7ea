import { BadInput } from "../errors.ts";

const DELIMITERS = [",", ";", "|", "\t"];

/** Returns the separator that the first line of a CSV file has most of, outside of quotes; a comma if it has none. */
export function commonDelimiter(line: string): string {
  const plain = line.replace(/"[^"]*"/g, "");
  const count = (delimiter: string): number => plain.split(delimiter).length;
  return DELIMITERS.reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** Returns the names in the first line of a CSV file. Throws BadInput if two are the same. */
export function csvHeader(firstLine: string, delimiter: string): string[] {
  const line = firstLine.replace(/^\uFEFF|\r?\n$|\r$/g, "");
  const names: string[] = [];
  let name = "";
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!;
    if (char === '"' && quoted && line[i + 1] === '"') name += line[++i]!;
    else if (char === '"') quoted = !quoted;
    else if (char === delimiter && !quoted) {
      names.push(name);
      name = "";
    } else name += char;
  }
  names.push(name);
  const twice = names.find((each, i) => names.indexOf(each) !== i);
  if (twice !== undefined) throw new BadInput(`columns must have different names, got ${twice} twice`);
  return names;
}

/** Returns DuckDB's message about a CSV file in one line, without the row, which may hold personal data. */
export function csvFault(message: string): string {
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1];
  const [, expected, found] = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message) ?? [];
  const where = line === undefined ? "" : `line ${line} `;
  if (expected !== undefined) return `${where}must have ${expected} values, got ${found}`;
  if (/quote/i.test(message)) return `${where}must close its quotes`;
  return `${where}must be CSV in UTF-8, with quotes as in RFC 4180`;
}
