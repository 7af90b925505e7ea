const DATE = String.raw`(\d{4})-(\d{1,2})-(\d{1,2})`;
const CLOCK = String.raw`(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d+))?`;
const TIMESTAMP = new RegExp(String.raw`^${DATE}(?:[Tt]${CLOCK}(Z|[-+]\d\d:\d\d)| +${CLOCK})?$`);

/**
 * Parses unquoted text that Go's YAML reads as a time, into the form that the CLI passes to a program,
 * `2024-01-02 00:00:00 +0000 UTC`. Returns undefined for
 * any other text.
 * @see https://pkg.go.dev/gopkg.in/yaml.v3, allowedTimestampFormats
 */
export function parseGoTime(text: string): string | undefined {
  const match = TIMESTAMP.exec(text);
  if (!match) return undefined;
  const [, year = "", month = "", day = "", ...clock] = match;
  const isZoned = clock[4] !== undefined;
  const [hour = "0", minute = "0", second = "0", fraction = ""] = isZoned
    ? clock.slice(0, 4)
    : clock.slice(5);
  const zone = clock[4] ?? "Z";
  const two = (digits: string): string => digits.padStart(2, "0");
  const date = `${year}-${two(month)}-${two(day)}`;
  const time = `${two(hour)}:${two(minute)}:${two(second)}`;
  const exists = new Date(`${date}T${time}Z`);
  if (Number.isNaN(exists.getTime()) || !exists.toISOString().startsWith(date)) return undefined;
  const digits = fraction.replace(/0+$/, "");
  const precise = digits === "" ? time : `${time}.${digits}`;
  const offset = zone.replace(":", "");
  return `${date} ${precise} ${zone === "Z" ? "+0000 UTC" : `${offset} ${offset}`}`;
}
