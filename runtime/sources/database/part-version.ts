import { digestOf } from "../../artifacts/digest.ts";
import type { SourceObject } from "../../contract/source-manifest.ts";
import type { DatabaseTable } from "../../contract/sources/database.ts";
import type { DatabaseColumn } from "./database-session.ts";

/** State of a table that is read by watermark. It is the version of each of the table's files. */
export interface PartVersion {
  /** Digest of what is read: the table or query, the watermark, the columns and their types. */
  reads: string;
  /** Greatest watermark of the file as text; null if no row was there. */
  upTo: string | null;
}

/** Returns the digest of what a table's files hold. Another one means that all rows are read again. */
export function readsDigest(table: DatabaseTable, columns: readonly DatabaseColumn[]): string {
  const { table: name, query, watermark, revision } = table;
  const types = columns.map((column) => [column.name, column.type]);
  return digestOf(JSON.stringify([name, query, watermark, revision, types]));
}

export function formatPartVersion({ reads, upTo }: PartVersion): string {
  return JSON.stringify({ reads, upTo });
}

/** Number or time as the databases write it. Every other text would have to be quoted in SQL. */
const NUMBER = /^-?\d+(\.\d+)?$/;
const TIME = /^\d{4,6}-\d\d-\d\d( \d\d:\d\d:\d\d(\.\d+)?(\+00)?)?$/;

/** Returns a watermark as a literal of SQL; undefined if it is no number and no time after the year 0. */
export function watermarkLiteral(text: string): string | undefined {
  if (NUMBER.test(text)) return text;
  return TIME.test(text) ? `'${text}'` : undefined;
}

export function partName(table: DatabaseTable, part: number): string {
  return `${table.name}/part-${String(part).padStart(6, "0")}.parquet`;
}

/** Returns the files of a table that hold the same rows still, in their order, and the greatest watermark in them. */
export function keptParts(
  table: DatabaseTable,
  reads: string,
  previous: readonly SourceObject[],
): { parts: SourceObject[]; upTo: string | null } {
  const parts: SourceObject[] = [];
  let upTo: string | null = null;
  for (;;) {
    const name = partName(table, parts.length + 1);
    const part = previous.find((object) => object.name === name);
    const version = part === undefined ? undefined : parsePartVersion(part.version);
    if (part === undefined || version?.reads !== reads) return { parts, upTo };
    parts.push(part);
    upTo = version.upTo;
  }
}

function parsePartVersion(version: string | undefined): PartVersion | undefined {
  try {
    const { reads, upTo } = JSON.parse(version ?? "") as Partial<Record<keyof PartVersion, unknown>>;
    if (typeof reads !== "string") return undefined;
    if (upTo === null) return { reads, upTo };
    return typeof upTo === "string" && watermarkLiteral(upTo) !== undefined ? { reads, upTo } : undefined;
  } catch {
    return undefined;
  }
}
