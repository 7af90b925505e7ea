import { BadInput } from "../errors.ts";

const DELIMITERS = [",", ";", "|", "\t"];

/** Returns the separator that the first line of a CSV file has most of, outside of quotes; a comma if it has none. */
export function commonDelimiter(line: string): string {
  const plain = line.replace(/"[^"]*"/g, "");
  const count = (delimiter: string): number => plain.split(delimiter).length;
  return DELIMITERS.reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** Returns the names in the first line of a CSV file. Throws BadInput if two are the same, or one is empty. */
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
  const nameless = names.indexOf("");
  if (nameless !== -1 && names.length > 1)
    throw new BadInput(`columns must have names, got none for column ${nameless + 1} of ${names.length}`);
  const first = new Map<string, string>();
  for (const each of names) {
    const other = first.get(each.toLowerCase());
    if (other === each) throw new BadInput(`columns must have different names, got ${each} twice`);
    // Names in SQL do not differ by case.
    if (other !== undefined)
      throw new BadInput(`columns must have names that differ by more than case, got ${other} and ${each}`);
    first.set(each.toLowerCase(), each);
  }
  return names;
}

/** Returns DuckDB's message about a CSV file in one line, without the row, which may hold personal data. */
export function csvFault(message: string): string {
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1];
  const [, expected, found] = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message) ?? [];
  const where = line === undefined ? "" : `line ${line} `;
  const longest = /Maximum line size of (\d+) bytes exceeded/.exec(message)?.[1];
  // DuckDB counts the values of such a line wrongly, and shows its beginning.
  const isLong = /Original Line: [^\n]{5000}/.test(message);
  if (longest !== undefined || isLong)
    return `${where}must have at most ${longest ?? "2000000"} bytes and as many values as there are columns, got a longer one; look for a quote or a line end that is missing`;
  if (expected !== undefined) return `${where}must have ${expected} values, got ${found}`;
  if (/not utf-?8|invalid unicode/i.test(message))
    return `${where}must be UTF-8; name the encoding of the table, such as latin-1`;
  if (/quote/i.test(message)) return `${where}must close its quotes`;
  return `${where}must be CSV in UTF-8, with quotes as in RFC 4180`;
}
