import { digestOf } from "../artifacts/digest.ts";
import type { TableRule } from "../contract/table-rule.ts";
import type { DataFile } from "./source-files.ts";

/** Bytes of files from which a partition is complete: many small files share one. */
const PARTITION_BYTES = 64 * 1024 * 1024;

/** A partition of a table before it is written. */
export interface PlannedPartition {
  /** Files of the source, in their order. */
  files: readonly DataFile[];
  /** sha256 of all that determines its rows. */
  inputs: string;
}

/**
 * Returns the partitions of a table: each has one file, or several small ones that follow each other. A file that is added at the end
 * changes no partition but the last one.
 *
 * @param writer - version of the program that writes them: another one may write other bytes
 */
export function planPartitions(
  table: TableRule,
  files: readonly DataFile[],
  writer: string,
): PlannedPartition[] {
  const groups: DataFile[][] = [];
  let bytes = Infinity;
  for (const file of files) {
    if (bytes + file.size > PARTITION_BYTES) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)!.push(file);
    bytes += file.size;
  }
  const { format, delimiter, nullTexts, encoding, columns, orderBy } = table;
  const rules = { writer, format, delimiter, nullTexts, encoding, columns, orderBy };
  return groups.map((group) => ({
    files: group,
    inputs: digestOf(
      JSON.stringify({ ...rules, files: group.map(({ name, digest }) => ({ name, digest })) }),
    ),
  }));
}

/** Returns the name of a partition's file in the data set. */
export function partitionFile(table: string, index: number): string {
  return `${table}/${String(index).padStart(5, "0")}.parquet`;
}
