import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GROUP_COLUMN } from "../../contract/feature.ts";
import { BINARY, outputsOf } from "../../contract/task.ts";
import {
  CHECK_ROWS,
  TRAINER_INPUTS,
  trainerInputSchema,
  type TrainerInput,
} from "../../contract/trainer-container.ts";
import type { PythonTrainer } from "../../contract/trainers/python.ts";
import { identifier, literal, type DuckDb } from "../../duckdb.ts";
import { readFeatureManifest } from "../../features/read-feature-table.ts";

/**
 * Writes the files that a trainer reads to the folder `to`, from the feature table in the folder `from`: the labelled training rows, and
 * the features, without labels, of up to `CHECK_ROWS` test rows.
 */
export async function writeTrainerInput(
  db: DuckDb,
  from: string,
  to: string,
  { params, seed }: Pick<PythonTrainer, "params" | "seed">,
): Promise<TrainerInput> {
  const manifest = await readFeatureManifest(from);
  const { workload, model, features, label, task = BINARY } = manifest;
  const table = `read_parquet(${literal(join(from, "features.parquet"))})`;
  // A column with nulls would reach numpy as another type than one without.
  const columns = features.map(
    ({ name }) => `coalesce(${identifier(name)}, 'nan'::FLOAT)::FLOAT AS ${identifier(name)}`,
  );
  const labelType = task.kind === "regression" ? "FLOAT" : "INTEGER";
  const group = task.kind === "ranking" ? [GROUP_COLUMN] : [];
  const labelled = (split: string): string =>
    `${table} WHERE split = ${literal(split)} AND ${identifier(label)} IS NOT NULL`;
  const write = (file: string, sql: string): Promise<void> =>
    db.run(`COPY (${sql}) TO ${literal(join(to, file))} (FORMAT parquet)`);
  await mkdir(to, { recursive: true });
  await db.run("SET threads = 1"); // one writer: the order of rows is fixed
  await write(
    TRAINER_INPUTS.features,
    `SELECT ${[...columns, `${identifier(label)}::${labelType} AS label`, "predict_at", ...group].join(", ")}
     FROM ${labelled("train")} ORDER BY ${[...group, "predict_at", "row_key"].join(", ")}`,
  );
  const test = await db.number(`SELECT count(*) FROM ${labelled("test")}`);
  const wanted = Math.min(test, CHECK_ROWS);
  await write(
    TRAINER_INPUTS.check,
    `SELECT * EXCLUDE (place) FROM (SELECT ${columns.join(", ")}, row_number() OVER (ORDER BY predict_at, row_key) - 1 AS place
     FROM ${labelled("test")}) WHERE (place * ${wanted}) % ${Math.max(test, 1)} < ${wanted} ORDER BY place`,
  );
  const rows = (file: string): Promise<number> =>
    db.number(`SELECT count(*) FROM read_parquet(${literal(join(to, file))})`);
  const described = trainerInputSchema.parse({
    schemaVersion: 1,
    workload,
    model,
    task,
    features: features.map(({ name, kind, categories, min, max }) => ({ name, kind, categories, min, max })),
    outputs: outputsOf(task),
    rows: await rows(TRAINER_INPUTS.features),
    checkRows: await rows(TRAINER_INPUTS.check),
  });
  await writeFile(join(to, TRAINER_INPUTS.description), json(described));
  await writeFile(join(to, TRAINER_INPUTS.params), json({ ...params, seed }));
  return described;
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
