import type { SourceObject } from "../../contract/source-manifest.ts";
import type { MysqlSource } from "../../contract/sources/mysql.ts";
import { readDatabase } from "../database/read-database.ts";
import type { RetryOptions } from "../retry-unavailable.ts";
import type { ReadSourceRequest } from "../source-reader.ts";
import { openMysql } from "./mysql-session.ts";

/** Reads tables of a MySQL or MariaDB database as Parquet files. */
export function readMysql(
  request: ReadSourceRequest<MysqlSource>,
  retries: RetryOptions = {},
): Promise<SourceObject[]> {
  return readDatabase(request, openMysql, retries);
}
