/** Returns the last error in a log of JSON lines; the last line where it has no error. */
export function lastError(log: string): string | undefined {
  const lines = log.split("\n").filter((line) => line.trim() !== "");
  for (const line of lines.toReversed()) {
    const entry = parseEntry(line);
    if (entry?.level !== "error" || entry.message === undefined) continue;
    return entry.code === "defect" ? `unexpected error, please report it: ${entry.message}` : entry.message;
  }
  const last = lines.at(-1);
  return last === undefined || parseEntry(last) !== undefined ? undefined : last.slice(0, 500);
}

interface LogEntry {
  level?: string;
  message?: string;
  code?: string;
}

function parseEntry(line: string): LogEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
