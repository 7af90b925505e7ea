import { isDeepStrictEqual } from "node:util";
import type { Partition, TableManifest } from "../contract/dataset-manifest.ts";
import type { TableRule } from "../contract/table-rule.ts";
import { authorSql } from "../author-sql.ts";
import type { DuckDb } from "../duckdb.ts";
import { BadInput } from "../errors.ts";
import { brokenLines, type BrokenRule } from "./broken-rows.ts";
import { checkColumns, type ColumnFindings } from "./column-checks.ts";
import { columnFits, typedRules, type TypedRule } from "./infer-columns.ts";
import type { IngestFolders } from "./ingest-folders.ts";
import { dropRaw, loadRaw, type FirstFile } from "./load-raw.ts";
import { partitionFile, planPartitions, type PlannedPartition } from "./partitions.ts";
import type { RawTable } from "./raw-table.ts";
import { unzipped, type DataFile } from "./source-files.ts";
import { countChecks, keyCheck } from "./table-checks.ts";
import { writePartition } from "./write-partition.ts";

/** A partition of which the types of its values are known: read from its files, or of the earlier data set. */
interface OpenPartition {
  planned: PlannedPartition;
  fits: Partition["fits"];
  /** @default - the rows have not been read */
  raw?: RawTable;
  /** @default - the earlier data set has none of these inputs */
  known?: Partition;
}

interface CheckedPartition extends ColumnFindings {
  planned: PlannedPartition;
  fits: Partition["fits"];
  /** Its rows, or the partition of the earlier data set that has them. */
  from: RawTable | Partition;
}

/**
 * Writes the partitions of a table that the earlier data set does not have. Returns the table's manifest, or a line for each rule that
 * its rows break.
 */
export async function ingestTable(
  db: DuckDb,
  table: TableRule,
  files: readonly DataFile[],
  folders: IngestFolders & { scratch: string },
): Promise<{ manifest: TableManifest } | { broken: string[] }> {
  const load = (planned: PlannedPartition, first?: FirstFile): Promise<RawTable> =>
    loadPartition(db, table, planned, folders, first);
  const before = folders.earlier?.manifest.tables.find(({ name }) => name === table.name);
  const { open, first } = await openPartitions(db, table, files, before, load);
  const columns = typedRules(
    table,
    first.columns,
    open.map(({ fits }) => fits),
  );
  const described = columns.map(({ name, type }) => ({ name, type }));
  const sameTypes = isDeepStrictEqual(described, before?.columns);

  const checked: CheckedPartition[] = [];
  for (const { planned, fits, raw, known } of open)
    if (known !== undefined && sameTypes)
      checked.push({ planned, fits, rows: known.rows, nulls: known.nulls, broken: [], from: known });
    else {
      const rows = raw ?? (await load(planned, first));
      checked.push({ planned, fits, ...(await checkRows(db, table, columns, rows)), from: rows });
    }
  const broken = await brokenRules(db, table, columns, checked);
  if (broken.length > 0) return { broken: brokenLines(table.name, broken) };

  const partitions: Partition[] = [];
  for (const [i, { from, planned, ...rest }] of checked.entries()) {
    const file = partitionFile(table.name, i);
    if ("inputs" in from) {
      partitions.push({ ...from, file });
      continue;
    }
    const written = await writePartition(db, table, columns, from, folders.directory, file);
    await dropRaw(db, from);
    const { rows, nulls, fits } = rest;
    partitions.push({ file, ...written, rows, inputs: planned.inputs, nulls, fits });
  }
  const twice = await keyCheck(db, table, columns, await keyFiles(table, partitions, checked, folders));
  if (twice.length > 0) return { broken: brokenLines(table.name, twice) };
  const rows = partitions.reduce((sum, partition) => sum + partition.rows, 0);
  return { manifest: { name: table.name, rows, columns: described, partitions } };
}

async function openPartitions(
  db: DuckDb,
  table: TableRule,
  files: readonly DataFile[],
  before: TableManifest | undefined,
  load: (planned: PlannedPartition, first?: FirstFile) => Promise<RawTable>,
): Promise<{ open: OpenPartition[]; first: FirstFile }> {
  const knownByInputs = new Map(before?.partitions.map((partition) => [partition.inputs, partition]));
  const open: OpenPartition[] = [];
  let first: FirstFile | undefined;
  for (const planned of planPartitions(table, files, await db.version())) {
    const [{ name } = { name: "" }] = planned.files;
    const known = knownByInputs.get(planned.inputs);
    if (known !== undefined && before !== undefined) {
      first ??= { name, columns: before.columns.map((column) => column.name) };
      open.push({ planned, known, fits: known.fits });
      continue;
    }
    const raw = await load(planned, first);
    first ??= { name, columns: raw.columns };
    const fits = await authorSql(table.name, () => columnFits(db, table, raw));
    open.push({ planned, raw, fits });
  }
  if (first === undefined) throw new BadInput(`${table.name}: must have a file`);
  return { open, first };
}

async function loadPartition(
  db: DuckDb,
  table: TableRule,
  { files, inputs }: PlannedPartition,
  { bringSource, scratch }: IngestFolders & { scratch: string },
  first?: FirstFile,
): Promise<RawTable> {
  await bringSource?.(files.map(({ file }) => file));
  try {
    const plain = await Promise.all(files.map((file) => unzipped(file, scratch)));
    return await loadRaw(db, table, plain, `raw_${table.name}_${inputs}`, first);
  } catch (error) {
    if (error instanceof BadInput)
      throw new BadInput(`${table.name}: ${error.message}`, { cause: error.cause });
    throw error;
  }
}

const checkRows = (
  db: DuckDb,
  table: TableRule,
  columns: readonly TypedRule[],
  raw: RawTable,
): Promise<ColumnFindings> => authorSql(table.name, () => checkColumns(db, table, columns, raw));

async function brokenRules(
  db: DuckDb,
  table: TableRule,
  columns: readonly TypedRule[],
  checked: readonly CheckedPartition[],
): Promise<BrokenRule[]> {
  const raws = checked.flatMap(({ from }) => ("inputs" in from ? [] : [from]));
  return [
    ...(await countChecks(db, table, columns, checked, raws)),
    ...checked.flatMap(({ broken }) => broken),
  ];
}

/** Returns the paths of the Parquet files of a table with a key. Files of the earlier data set are brought for it. */
async function keyFiles(
  { key = [] }: TableRule,
  partitions: readonly Partition[],
  checked: readonly CheckedPartition[],
  { directory, scratch, earlier }: IngestFolders & { scratch: string },
): Promise<string[]> {
  if (key.length === 0) return [];
  const known = checked.flatMap(({ from }) => ("inputs" in from ? [from.file] : []));
  await earlier?.bring(known, scratch);
  return partitions.map(({ file }, i) => {
    const { from } = checked[i]!;
    return "inputs" in from ? `${scratch}/${from.file}` : `${directory}/${file}`;
  });
}
