/** Name of a type in PostgreSQL's catalogue → DuckDB's type. */
const TYPES: Readonly<Record<string, string>> = {
  boolean: "BOOLEAN",
  smallint: "BIGINT",
  integer: "BIGINT",
  bigint: "BIGINT",
  oid: "BIGINT",
  real: "FLOAT",
  "double precision": "DOUBLE",
  date: "DATE",
  "timestamp without time zone": "TIMESTAMP",
  "timestamp with time zone": "TIMESTAMP",
};

/** Types whose text is kept. */
const TEXTS = new Set([
  "text",
  "character varying",
  "character",
  "name",
  '"char"',
  "uuid",
  "json",
  "jsonb",
  "xml",
  "citext",
  "inet",
  "cidr",
  "macaddr",
  "time without time zone",
]);

/** Most digits of DuckDB's DECIMAL. */
const MAX_DIGITS = 38;

/**
 * Returns DuckDB's type for one of PostgreSQL; undefined if it is not kept. Numbers with a precision stay exact; numeric without one becomes
 * text with all its digits.
 *
 * @param native - as `format_type` writes it: `numeric(10,2)`, `timestamp(3) with time zone`
 * @param isEnum - whether it is an enumeration, whose values are texts
 */
export function postgresType(native: string, isEnum: boolean): string | undefined {
  if (isEnum) return "VARCHAR";
  const [, digits, scale = "0"] = /^numeric\((\d+)(?:,(-?\d+))?\)$/.exec(native) ?? [];
  if (digits !== undefined) {
    const fits = Number(digits) <= MAX_DIGITS && Number(scale) >= 0 && Number(scale) <= Number(digits);
    return fits ? `DECIMAL(${digits},${scale})` : "VARCHAR";
  }
  if (native === "numeric") return "VARCHAR";
  const plain = native.replace(/\(\d+\)/, "");
  return TEXTS.has(plain) ? "VARCHAR" : TYPES[plain];
}
