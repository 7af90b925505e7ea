import { createWriteStream } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { digestOfFile } from "../../artifacts/digest.ts";
import type { SourceObject } from "../../contract/source-manifest.ts";
import type { DatabaseTable } from "../../contract/sources/database.ts";
import { openDuckDb, type DuckDb } from "../../duckdb.ts";
import { BadInput } from "../../errors.ts";
import { withScratch } from "../../scratch.ts";
import { csvToParquet, MAX_ROW_BYTES } from "./csv-to-parquet.ts";
import type { DatabaseColumn, DatabaseSession, KeptColumn } from "./database-session.ts";
import { formatPartVersion, keptParts, partName, readsDigest, watermarkLiteral } from "./part-version.ts";

export interface ReadTablesOptions {
  workload: string;
  tables: readonly DatabaseTable[];
  /** Folder that gets the files. */
  directory: string;
  /** Objects of the last run. */
  previous: readonly SourceObject[];
}

/** Memory of DuckDB in MiB: the job has 1 GiB at least. What does not fit goes to the scratch folder. */
const MEMORY_MIB = 400;
/** A watermark of these types grows in the same order in the database and as a number or time. */
const WATERMARK_TYPES = /^(BIGINT|DECIMAL|DATE|TIMESTAMP)/;

/** Reads tables in one session, which is one snapshot, and returns the objects of all of them. */
export async function readTables(
  session: DatabaseSession,
  options: ReadTablesOptions,
): Promise<SourceObject[]> {
  return withScratch(async (scratch) => {
    const db = await openDuckDb({ threads: 1, scratch, memoryMib: MEMORY_MIB });
    try {
      const objects: SourceObject[] = [];
      for (const table of options.tables) {
        const owner = `${options.workload}: source table ${table.name}`;
        try {
          objects.push(...(await readTable({ session, db, scratch, ...options }, table)));
        } catch (error) {
          if (error instanceof BadInput) throw new BadInput(`${owner}: ${error.message}`);
          throw session.fault(error, owner) ?? error;
        }
      }
      return objects;
    } finally {
      db.close();
    }
  });
}

interface Reading extends ReadTablesOptions {
  session: DatabaseSession;
  db: DuckDb;
  scratch: string;
}

async function readTable(reading: Reading, table: DatabaseTable): Promise<SourceObject[]> {
  const { session, previous, directory } = reading;
  const from = fromOf(session, table);
  const columns = keptColumns(await session.describe(from));
  const reads = readsDigest(table, columns);
  if (table.watermark === undefined) {
    const path = await writePart(reading, table, { from, columns, part: 1 });
    return [await objectOf(directory, path)];
  }
  const kept = keptParts(table, reads, previous);
  const upTo = await newWatermark(session, { table, from, columns, last: kept.upTo });
  if (kept.parts.length > 0 && upTo === undefined) return kept.parts;
  const after =
    kept.upTo === null
      ? ""
      : ` WHERE ${session.identifier(table.watermark)} > ${watermarkLiteral(kept.upTo)}`;
  const name = await writePart(reading, table, {
    from: `${from}${after}`,
    columns,
    part: kept.parts.length + 1,
  });
  const version = formatPartVersion({ reads, upTo: upTo ?? null });
  return [...kept.parts, { ...(await objectOf(directory, name)), version }];
}

/** Returns the rows of a table as SQL has them after FROM. */
function fromOf({ identifier }: DatabaseSession, { table, query }: DatabaseTable): string {
  if (table !== undefined) return table.split(".").map(identifier).join(".");
  const select = (query ?? "").replace(/[;\s]+$/, "");
  return `(${select}\n) AS source_rows`; // the line may end with a comment
}

/** Returns the columns, or throws BadInput that names those which a Parquet file, or ingest, cannot have. */
function keptColumns(columns: readonly DatabaseColumn[]): KeptColumn[] {
  const refused = columns.filter(({ type }) => type === undefined);
  if (refused.length > 0) {
    const names = refused.map(({ name, native }) => `${name} (${native})`).join(", ");
    throw new BadInput(
      `columns must be numbers, texts, times or true and false; ${names} ${refused.length === 1 ? "is" : "are"} not: ` +
        `leave ${refused.length === 1 ? "it" : "them"} out or cast in a query, such as CAST(${refused[0]?.name ?? ""} AS char(100))`,
    );
  }
  const lower = columns.map(({ name }) => name.toLowerCase());
  const twice = columns.find(({ name }, i) => lower.indexOf(name.toLowerCase()) !== i);
  if (twice !== undefined)
    throw new BadInput(
      `columns must have different names, whatever their case, got ${twice.name} twice; rename one in a query: ${twice.name} AS other`,
    );
  return columns.map(({ name, native, type = "" }) => ({ name, native, type }));
}

/** Returns the greatest watermark of the snapshot; undefined if it is the last one still. Throws BadInput for a column that is none. */
async function newWatermark(
  session: DatabaseSession,
  {
    table,
    from,
    columns,
    last,
  }: { table: DatabaseTable; from: string; columns: readonly DatabaseColumn[]; last: string | null },
): Promise<string | undefined> {
  const { watermark = "" } = table;
  const column = columns.find(({ name }) => name === watermark);
  if (column === undefined)
    throw new BadInput(
      `watermark must be one of ${columns.map(({ name }) => name).join(", ")}, got ${watermark}`,
    );
  if (!WATERMARK_TYPES.test(column.type ?? ""))
    throw new BadInput(
      `watermark must be a column of whole or decimal numbers or of times, got ${watermark} (${column.native})`,
    );
  const value = session.identifier(watermark);
  const nulls = Number(await session.scalar(`SELECT count(*) FROM ${from} WHERE ${value} IS NULL`));
  if (nulls > 0)
    throw new BadInput(
      `watermark ${watermark} must have a value in every row, got ${nulls} ${nulls === 1 ? "row" : "rows"} without one, which would never be read; ` +
        "leave them out in a query, or name another column",
    );
  const upTo = await session.scalar(`SELECT max(${value}) FROM ${from}`);
  if (upTo !== undefined && watermarkLiteral(upTo) === undefined)
    throw new BadInput(
      `watermark ${watermark} must be finite and, if a time, from the year 1 on, got ${upTo}; leave such rows out in a query`,
    );
  if (last === null || upTo === last) return upTo === last ? undefined : upTo;
  const wentBack =
    upTo === undefined ||
    (await session.scalar(`SELECT count(*) FROM ${from} WHERE ${value} >= ${watermarkLiteral(last)}`)) ===
      "0";
  if (wentBack)
    throw new BadInput(
      `watermark ${watermark} must not go back, was ${last} in the last run, is ${upTo ?? "in no row"}; ` +
        "if older rows were replaced, raise revision in the workload's definition to read all rows again",
    );
  return upTo;
}

/** Writes the rows of `from` as a part of a table, and returns its name. */
async function writePart(
  { session, db, scratch, directory }: Reading,
  table: DatabaseTable,
  { from, columns, part }: { from: string; columns: readonly KeptColumn[]; part: number },
): Promise<string> {
  const name = partName(table, part);
  const parquet = join(directory, name);
  const csv = join(scratch, "rows.csv");
  const key = table.table === undefined ? [] : await session.primaryKey(table.table.split("."));
  // A total order: the same rows give the same bytes.
  const order = key.length > 0 ? key.map(session.identifier).join(", ") : session.rowHash(columns);
  await mkdir(dirname(parquet), { recursive: true });
  try {
    let longest = 0;
    await pipeline(
      session.csv({ columns, from, order, maxRowBytes: MAX_ROW_BYTES }),
      async function* (pieces: AsyncIterable<Uint8Array>) {
        for await (const piece of pieces) {
          longest = Math.max(longest, piece.length);
          yield piece;
        }
      },
      createWriteStream(csv),
    );
    await csvToParquet(db, { csv, parquet, longestRow: longest }, columns);
    return name;
  } finally {
    await rm(csv, { force: true });
  }
}

async function objectOf(directory: string, name: string): Promise<SourceObject> {
  const path = join(directory, name);
  return { name, digest: await digestOfFile(path), size: (await stat(path)).size };
}
