import type { PostgresSource } from "../../contract/sources/postgres.ts";
import { readDatabase } from "../database/read-database.ts";
import type { RetryOptions } from "../retry-unavailable.ts";
import type { SourceObject } from "../../contract/source-manifest.ts";
import type { ReadSourceRequest } from "../source-reader.ts";
import { openPostgres } from "./postgres-session.ts";

/** Reads tables of a PostgreSQL database as Parquet files. */
export function readPostgres(
  request: ReadSourceRequest<PostgresSource>,
  retries: RetryOptions = {},
): Promise<SourceObject[]> {
  return readDatabase(request, openPostgres, retries);
}
