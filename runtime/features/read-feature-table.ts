import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  entityColumn,
  featureTableManifestSchema,
  GROUP_COLUMN,
  segmentColumn,
} from "../contract/feature.ts";
import type { FeatureTableManifest } from "../contract/feature.ts";
import { identifier, literal } from "../duckdb.ts";
import type { DuckDb } from "../duckdb.ts";
import { Corrupt } from "../errors.ts";

export interface FeatureRows {
  manifest: FeatureTableManifest;
  rows: number;
  /** Row-major float32, `manifest.features.length` wide, missing = NaN. */
  values: Float32Array;
  /** As the task says: 0 or 1, the code of a class, a number; NaN if the outcome is unknown. */
  labels: Float32Array;
  /** Time of each prediction in Unix milliseconds. */
  predictAtMs: Float64Array;
  /** Ranking: the group of each row. */
  groups?: string[];
  /** Values of each segment column, by segment name. */
  segments: Record<string, string[]>;
  /** Values of each entity key, by key; null if unknown. */
  entities: Record<string, (string | null)[]>;
}

export interface ReadFeatureTableOptions {
  /** @default - both */
  split?: "train" | "test";
  /** Only predictions from this time on. @default - from the first one */
  from?: Date | undefined;
  /** Only predictions before this time. @default - to the last one */
  to?: Date | undefined;
  /** True to leave out rows whose outcome is unknown. @default false */
  labelled?: boolean;
  /** Number of rows from the start, in the order of prediction. @default - all */
  first?: number;
  /** Number of rows from the end, in the order of prediction. @default - all */
  newest?: number;
}

/** Reads the manifest of the feature table in `directory`. */
export async function readFeatureManifest(directory: string): Promise<FeatureTableManifest> {
  const parsed = featureTableManifestSchema.safeParse(
    JSON.parse(await readFile(join(directory, "features.json"), "utf8")),
  );
  if (!parsed.success) throw new Corrupt(`features.json: ${parsed.error.message}`);
  return parsed.data;
}

/** Reads rows of the feature table in `directory`, in the order of their predictions. */
export async function readFeatureTable(
  db: DuckDb,
  directory: string,
  options: ReadFeatureTableOptions = {},
): Promise<FeatureRows> {
  const manifest = await readFeatureManifest(directory);
  const names = manifest.features.map(({ name }) => identifier(name));
  const keys = [...new Set(manifest.views.flatMap(({ entity }) => entity))];
  const where = [
    "true",
    ...(options.split === undefined ? [] : [`split = ${literal(options.split)}`]),
    ...(options.from === undefined ? [] : [`predict_at >= ${timestamp(options.from)}`]),
    ...(options.to === undefined ? [] : [`predict_at < ${timestamp(options.to)}`]),
    ...(options.labelled === true ? [`${identifier(manifest.label)} IS NOT NULL`] : []),
  ].join(" AND ");
  const limit = options.first ?? options.newest;
  const order = options.newest === undefined ? "predict_at, row_key" : "predict_at DESC, row_key DESC";
  const from = `FROM (SELECT * FROM (SELECT * FROM read_parquet(${literal(join(directory, "features.parquet"))})
    WHERE ${where} ORDER BY ${order} ${limit === undefined ? "" : `LIMIT ${limit}`}) ORDER BY predict_at, row_key)`;
  const selected = [
    ...names,
    `${identifier(manifest.label)}::FLOAT`,
    "epoch_ms(predict_at)::DOUBLE",
    ...manifest.segments.map((name) => identifier(segmentColumn(name))),
    ...keys.map((key) => identifier(entityColumn(key))),
    ...(manifest.task?.kind === "ranking" ? [GROUP_COLUMN] : []),
  ];

  const rows = await db.number(`SELECT count(*) ${from}`);
  const width = names.length;
  const read: FeatureRows = {
    manifest,
    rows,
    values: new Float32Array(rows * width),
    labels: new Float32Array(rows),
    predictAtMs: new Float64Array(rows),
    segments: Object.fromEntries(manifest.segments.map((name) => [name, []])),
    entities: Object.fromEntries(keys.map((key) => [key, []])),
    ...(manifest.task?.kind === "ranking" ? { groups: [] } : {}),
  };
  const firstKey = width + 2 + manifest.segments.length;
  await db.chunks(`SELECT ${selected.join(", ")} ${from}`, (columns, firstRow) => {
    for (let column = 0; column < width; column++)
      columns[column]!.forEach((value, i) => {
        read.values[(firstRow + i) * width + column] = (value as number | null) ?? NaN;
      });
    columns[width]!.forEach((value, i) => (read.labels[firstRow + i] = (value as number | null) ?? NaN));
    columns[width + 1]!.forEach((value, i) => (read.predictAtMs[firstRow + i] = value as number));
    manifest.segments.forEach((name, i) =>
      read.segments[name]!.push(...columns[width + 2 + i]!.map((value) => (value as string | null) ?? "")),
    );
    keys.forEach((key, i) => read.entities[key]!.push(...(columns[firstKey + i] as (string | null)[])));
    read.groups?.push(...(columns[firstKey + keys.length] as string[]));
  });
  return read;
}

/** Returns a time as DuckDB's TIMESTAMP, which has no time zone; ours are UTC. */
const timestamp = (time: Date): string => `TIMESTAMP ${literal(time.toISOString().replace(/Z$/, ""))}`;
