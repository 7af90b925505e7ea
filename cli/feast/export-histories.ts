import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Workload } from "../../runtime/contract/workload.ts";
import type { DuckDb } from "../../runtime/duckdb.ts";
import { exportStatements } from "./feast-repository.ts";

/** Writes `data/<view>.parquet` into a repository, from the tables of `db`. */
export async function exportHistories(db: DuckDb, workload: Workload, repository: string): Promise<void> {
  await mkdir(join(repository, "data"), { recursive: true });
  for (const statement of exportStatements(workload, join(repository, "data"))) await db.run(statement);
}
