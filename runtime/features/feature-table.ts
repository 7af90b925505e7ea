import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TableManifest } from "../contract/dataset-manifest.ts";
import { featureTableManifestSchema } from "../contract/feature.ts";
import type { Feature, FeatureTableManifest } from "../contract/feature.ts";
import { REQUEST_VIEW, toFeature, viewShape } from "../contract/feature-view.ts";
import type { FeatureView } from "../contract/feature-view.ts";
import { definitionDigest, type StepDefinition } from "../contract/step-definition.ts";
import { identifier, literal } from "../duckdb.ts";
import type { DuckDb } from "../duckdb.ts";
import { authorSql } from "../author-sql.ts";
import { BadInput } from "../errors.ts";
import { checkPredictionRows } from "./check-prediction-rows.ts";
import { learnTask } from "./labels.ts";
import { createPredictionRows } from "./prediction-rows.ts";
import { featureTableSql, historySql } from "./point-in-time.ts";

/** Returns the columns of a model: the request's features, then those of its views. Throws BadInput if two have the same name. */
export function featuresOf({ workload, model, views }: StepDefinition<"features">): Feature[] {
  const features = [
    ...model.request.map((column) => toFeature(column, REQUEST_VIEW)),
    ...views.flatMap((view) => view.features.map((column) => toFeature(column, view.name))),
  ];
  const names = features.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new BadInput(`${workload}/${model.name}: feature names must differ, got ${twice} twice`);
  return features;
}

/** Makes tables of a data set available in `db`, as views with the tables' names. `directory` has their files. */
export async function openTables(
  db: DuckDb,
  directory: string,
  tables: readonly TableManifest[],
): Promise<void> {
  for (const { name, partitions } of tables) {
    const files = partitions.map(({ file }) => literal(join(directory, file)));
    await db.run(`CREATE OR REPLACE VIEW ${identifier(name)} AS FROM read_parquet([${files.join(", ")}])`);
  }
}

/** Computes the history of a view into a table and returns its name. */
export async function buildHistory(db: DuckDb, view: FeatureView): Promise<string> {
  const table = identifier(`history_${view.name}`);
  await authorSql(`view ${view.name}: history`, () =>
    db.run(`CREATE OR REPLACE TABLE ${table} AS ${historySql(view)}`),
  );
  return table;
}

/**
 * Writes a model's `features.parquet` and `features.json` into `directory`, from the tables that `openTables` opened. The same data
 * gives the same bytes.
 */
export async function writeFeatureTable(
  db: DuckDb,
  definition: StepDefinition<"features">,
  dataset: string,
  directory: string,
): Promise<FeatureTableManifest> {
  const { workload, model, views } = definition;
  const features = featuresOf(definition);
  const histories = new Map<string, string>();
  for (const view of views) histories.set(view.name, await buildHistory(db, view));
  const owner = `${workload}/${model.name}`;
  await createPredictionRows(db, owner, model, "prediction_rows");
  const keys = views.flatMap(({ entity }) => entity);
  await checkPredictionRows(db, "prediction_rows", owner, model, keys);
  const task = await learnTask(db, "prediction_rows", owner, model.task);

  await authorSql(`${owner}: join of rows and views`, () =>
    db.run(
      `CREATE OR REPLACE TABLE feature_rows AS ${featureTableSql({ ...model, task }, views, "prediction_rows", (view) => histories.get(view.name)!)}`,
    ),
  );
  const rows = async (split: string): Promise<number> =>
    db.number(`SELECT count(*) FROM feature_rows WHERE split = ${literal(split)} AND label IS NOT NULL`);
  const manifest = featureTableManifestSchema.parse({
    schemaVersion: 1,
    workload,
    model: model.name,
    dataset,
    definitions: { features: definitionDigest(definition) },
    features,
    task,
    label: "label",
    segments: [...model.segments],
    views: views.map(viewShape),
    rows: { train: await rows("train"), test: await rows("test") },
  });
  await db.inOrder(
    `COPY (FROM feature_rows ORDER BY predict_at, row_key) TO ${literal(join(directory, "features.parquet"))}
     (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`,
  );
  await writeFile(join(directory, "features.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}
