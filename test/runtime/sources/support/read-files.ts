import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { SourceObject } from "../../../../runtime/contract/source-manifest.ts";
import { literal, openDuckDb } from "../../../../runtime/duckdb.ts";
import { silentLogger } from "../../../../runtime/log.ts";
import { withScratch } from "../../../../runtime/scratch.ts";
import type { RetryOptions } from "../../../../runtime/sources/retry-unavailable.ts";
import type { ReadSourceRequest } from "../../../../runtime/sources/source-reader.ts";
import { credentials } from "./database-process.ts";

/** What a reader returned and wrote. */
export interface ReadFiles {
  objects: SourceObject[];
  /** Rows of each file that was written, as ingest reads them: as texts. */
  rows: Record<string, Record<string, unknown>[]>;
  /** DuckDB's types by column. */
  types: Record<string, string>;
}

export interface ReadOptions {
  previous?: readonly SourceObject[];
  /** Entries of the Secret. */
  secret?: Record<string, string>;
  signal?: AbortSignal;
  tries?: number;
}

/** Reads a source with a reader, and then the Parquet files that it wrote. */
export async function readFiles<Source>(
  reader: (request: ReadSourceRequest<Source>, retries: RetryOptions) => Promise<SourceObject[]>,
  source: Source,
  { previous = [], secret = credentials, signal = new AbortController().signal, tries = 1 }: ReadOptions = {},
): Promise<ReadFiles> {
  return withScratch(async (directory) => {
    const objects = await reader(
      { workload: "shop", source, directory, previous, credentials: secret, log: silentLogger, signal },
      { tries, pauseMs: 1 },
    );
    const db = await openDuckDb({ threads: 1 });
    const rows: ReadFiles["rows"] = {};
    const types: ReadFiles["types"] = {};
    for (const path of await readdir(directory, { recursive: true })) {
      if (!path.endsWith(".parquet")) continue;
      const from = `read_parquet(${literal(join(directory, path))})`;
      rows[path] = await db.rows(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ${from}`);
      for (const { column_name: name, column_type: type } of await db.rows(`DESCRIBE FROM ${from}`))
        types[String(name)] = String(type);
    }
    db.close();
    return { objects, rows, types };
  });
}
