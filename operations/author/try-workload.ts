import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { LIGHTGBM } from "../../local/images/pins.ts";
import type { Progress } from "../../local/progress.ts";
import { wheel } from "../../local/tools/python-package.ts";
import { tablesOf, type ModelDefinition } from "../../runtime/contract/model-definition.ts";
import { didYouMean } from "../../runtime/contract/issues/did-you-mean.ts";
import type { TableManifest } from "../../runtime/contract/dataset-manifest.ts";
import { stepDefinition, type PinnedWorkload } from "../../runtime/contract/step-definition.ts";
import type { Workload } from "../../runtime/contract/workload.ts";
import { ingest } from "../../runtime/data/ingest.ts";
import { openDuckDb, type DuckDb } from "../../runtime/duckdb.ts";
import { BadInput } from "../../runtime/errors.ts";
import { openTables, writeFeatureTable } from "../../runtime/features/feature-table.ts";
import { readFeatureTable } from "../../runtime/features/read-feature-table.ts";
import { withScratch } from "../../runtime/scratch.ts";
import type { FoundWorkload } from "../../workloads/find-workloads.ts";
import { WrongRequest } from "../wrong-request.ts";
import { checkSql } from "./check-sql.ts";
import { sampledRows } from "./sampled-rows.ts";
import { scoreCandidate, type TriedModel } from "./score-candidate.ts";
import { trialSource } from "./trial-source.ts";

export interface TryOptions {
  /** Loads the definition. */
  load: () => Promise<FoundWorkload>;
  /** @default - all models */
  model?: string | undefined;
  /** Rows of a model at most. */
  rows: number;
  progress: Progress;
}

export interface TriedStep {
  title: string;
  seconds: number;
}

export interface TriedWorkload {
  /** Rows of each table of the data set. */
  tables: { name: string; rows: number }[];
  models: TriedModel[];
  steps: TriedStep[];
}

/** A digest that names nothing: what a trial makes is never kept. */
const NO_DIGEST = `sha256:${"0".repeat(64)}`;

/**
 * Runs the definition of a workload on this machine, with the code of the jobs: from its source to a small model that is scored on test rows.
 * Throws BadInput for a fault of the definition or the data. Leaves nothing behind.
 */
export async function tryWorkload({ load, model, rows, progress }: TryOptions): Promise<TriedWorkload> {
  const steps: TriedStep[] = [];
  const timed = async <T>(title: string, work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    try {
      return await work();
    } finally {
      steps.push({ title, seconds: (performance.now() - start) / 1000 });
    }
  };
  const found = await timed("load and check the definition", async () => {
    const loaded = await load();
    const faults = await checkSql(loaded.workload, loaded.label);
    if (faults.length > 0) throw new BadInput(faults.map(({ message }) => message).join("\n  "));
    return loaded;
  });
  const { workload } = found;
  const models = modelsToTry(workload, model);
  return withScratch(async (scratch) => {
    const { source, folder } = await timed("find the source", () => trialSource(found, scratch, progress));
    const pinned: PinnedWorkload = { ...workload, source };
    const db = await openDuckDb({ threads: availableParallelism(), scratch, memoryMib: 2000 });
    try {
      const dataset = join(scratch, "dataset");
      await mkdir(dataset);
      const manifest = await timed("read the data and check its rules", () =>
        ingest(db, stepDefinition("ingest", pinned), { source: folder, directory: dataset }),
      );
      const tried: TriedModel[] = [];
      for (const each of models)
        tried.push(
          await tryModel(db, pinned, each, {
            dataset,
            tables: manifest.tables,
            scratch,
            rows,
            timed,
            progress,
          }),
        );
      return { tables: manifest.tables.map(({ name, rows }) => ({ name, rows })), models: tried, steps };
    } finally {
      db.close();
    }
  });
}

interface Trial {
  /** Folder of the data set. */
  dataset: string;
  tables: readonly TableManifest[];
  scratch: string;
  rows: number;
  timed: <T>(title: string, work: () => Promise<T>) => Promise<T>;
  progress: Progress;
}

async function tryModel(
  db: DuckDb,
  workload: PinnedWorkload,
  model: ModelDefinition,
  { dataset, tables, scratch, rows, timed, progress }: Trial,
): Promise<TriedModel> {
  const { name } = model;
  const folder = join(scratch, name);
  await mkdir(folder);
  const definition = stepDefinition("features", workload, name);
  const manifest = await timed(`${name}: rows and features`, async () => {
    const names = new Set([...tablesOf(model), ...definition.views.flatMap((view) => view.tables)]);
    await openTables(
      db,
      dataset,
      tables.filter((table) => names.has(table.name)),
    );
    const sampled = {
      ...definition,
      model: {
        ...definition.model,
        rows: await sampledRows(db, `${workload.name}/${name}`, definition.model, rows),
      },
    };
    return writeFeatureTable(db, sampled, `${workload.name}/dataset@${NO_DIGEST}`, folder);
  });
  const train = await readFeatureTable(db, folder, { split: "train", labelled: true });
  const test = await readFeatureTable(db, folder, { split: "test", labelled: true });
  return timed(`${name}: train and score`, async () => {
    const library =
      model.trainer.kind === "lightgbm"
        ? await wheel(progress, { ...LIGHTGBM, file: "lightgbm/lib/lib_lightgbm.so" })
        : "";
    return scoreCandidate(workload, model, { library, train, test, manifest });
  });
}

function modelsToTry(workload: Workload, model: string | undefined): readonly ModelDefinition[] {
  const models = workload.models.filter(({ name }) => model === undefined || name === model);
  if (models.length > 0) return models;
  const known = workload.models.map(({ name }) => name);
  throw new WrongRequest(
    model === undefined
      ? `${workload.name}: must have a model to try, it has none`
      : `--model ${model}: ${workload.name} has no such model${didYouMean(model, known)} (models: ${known.join(", ")})`,
  );
}
