import { mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { digestOfFile } from "../artifacts/digest.ts";
import type { Partition } from "../contract/dataset-manifest.ts";
import type { TableRule } from "../contract/table-rule.ts";
import { identifier, literal, type DuckDb } from "../duckdb.ts";
import type { TypedRule } from "./infer-columns.ts";
import type { RawTable } from "./raw-table.ts";
import { typedColumn } from "./typed-column.ts";

/** Rows of a row group, the unit that DuckDB reads in parallel. Fixed, because it changes the bytes of the file. */
const ROW_GROUP_ROWS = 122_880;

/** Writes the rows of a raw table, typed and in their order, to a Parquet file. */
export async function writePartition(
  db: DuckDb,
  { orderBy = [] }: TableRule,
  columns: readonly TypedRule[],
  raw: RawTable,
  directory: string,
  file: string,
): Promise<Pick<Partition, "digest" | "size">> {
  const path = join(directory, file);
  await mkdir(dirname(path), { recursive: true });
  const selected = columns.map((column) => `${typedColumn(column, raw)} AS ${identifier(column.name)}`);
  const order = orderBy.length === 0 ? "" : ` ORDER BY ${orderBy.map(identifier).join(", ")}`;
  await db.inOrder(
    `COPY (SELECT * FROM (SELECT ${selected.join(", ")} FROM ${identifier(raw.name)})${order})
     TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
  );
  return { digest: await digestOfFile(path), size: (await stat(path)).size };
}
