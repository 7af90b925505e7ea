import type { FieldPacket } from "mysql2";
import { Types } from "mysql2";
import type { DatabaseColumn } from "../database/database-session.ts";

const BINARY_CHARSET = 63;
const UNSIGNED = 32;
const ENUM = 256;
const SET = 2048;
/** Most digits of DuckDB's DECIMAL. */
const MAX_DIGITS = 38;

/** Code of a type → its name, and DuckDB's type. */
const TYPES: Readonly<Record<number, [native: string, type: string | undefined]>> = {
  [Types.TINY]: ["tinyint", "BIGINT"],
  [Types.SHORT]: ["smallint", "BIGINT"],
  [Types.INT24]: ["mediumint", "BIGINT"],
  [Types.LONG]: ["int", "BIGINT"],
  [Types.LONGLONG]: ["bigint", "BIGINT"],
  [Types.YEAR]: ["year", "BIGINT"],
  [Types.FLOAT]: ["float", "FLOAT"],
  [Types.DOUBLE]: ["double", "DOUBLE"],
  [Types.DATE]: ["date", "DATE"],
  [Types.DATETIME]: ["datetime", "TIMESTAMP"],
  [Types.TIMESTAMP]: ["timestamp", "TIMESTAMP"],
  [Types.TIME]: ["time", "VARCHAR"],
  [Types.JSON]: ["json", "VARCHAR"],
  [Types.BIT]: ["bit", undefined],
  [Types.GEOMETRY]: ["geometry", undefined],
  [Types.NULL]: ["null", "VARCHAR"],
};

const TEXTS = new Set<number>([
  Types.VARCHAR,
  Types.VAR_STRING,
  Types.STRING,
  Types.TINY_BLOB,
  Types.BLOB,
  Types.MEDIUM_BLOB,
  Types.LONG_BLOB,
]);

/** Returns a column of MySQL with DuckDB's type. Decimal numbers of up to 38 digits stay exact; longer ones become text with all digits. */
export function mysqlColumn(field: FieldPacket): DatabaseColumn {
  const { name, columnType: code = -1, decimals, columnLength = 0, characterSet } = field;
  const flags = Number(field.flags);
  const isUnsigned = (flags & UNSIGNED) !== 0;
  if (code === Types.DECIMAL || code === Types.NEWDECIMAL) {
    const digits = columnLength - (decimals > 0 ? 1 : 0) - (isUnsigned ? 0 : 1);
    const native = `decimal(${digits},${decimals})`;
    const fits = digits > 0 && digits <= MAX_DIGITS && decimals <= digits;
    return { name, native, type: fits ? native.toUpperCase() : "VARCHAR" };
  }
  if ((flags & ENUM) !== 0 || code === Types.ENUM) return { name, native: "enum", type: "VARCHAR" };
  if ((flags & SET) !== 0 || code === Types.SET) return { name, native: "set", type: "VARCHAR" };
  if (TEXTS.has(code))
    return characterSet === BINARY_CHARSET
      ? { name, native: "binary", type: undefined }
      : { name, native: "text", type: "VARCHAR" };
  const [native, type] = TYPES[code] ?? [`type ${code}`, undefined];
  // Numbers from 2^63 on do not fit BIGINT.
  if (code === Types.LONGLONG && isUnsigned)
    return { name, native: "bigint unsigned", type: "DECIMAL(20,0)" };
  return { name, native, type };
}
