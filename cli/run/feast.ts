import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { lineProgress } from "../../local/progress.ts";
import { identifier, literal, openDuckDb } from "../../runtime/duckdb.ts";
import { WrongRequest } from "../../operations/wrong-request.ts";
import { didYouMean } from "../../runtime/contract/issues/did-you-mean.ts";
import { brokenWorkloads, loadWorkload, workloadNames } from "../../workloads/catalog.ts";
import { exportHistories } from "../feast/export-histories.ts";
import { feastRepository } from "../feast/feast-repository.ts";
import { tectonDefinitions } from "../feast/tecton-definitions.ts";

export interface FeastFlags {
  /** Workload whose views are written. */
  workload: string;
  /** Folder of the repository. Generated files in it are replaced. */
  out: string;
  /** Folder with the Parquet files of the data set: the histories are written too. @default - none: run `export.sql` later */
  dataset?: string | undefined;
}

/** Writes a Feast repository, and definitions for Tecton, with the feature views of a workload. */
export async function feast({ workload: name, out, dataset }: FeastFlags): Promise<void> {
  const known = await workloadNames();
  const broken = (await brokenWorkloads()).map(({ workload }) => workload);
  if (![...known, ...broken].includes(name))
    throw new WrongRequest(
      `--workload ${name}: there is no such workload${didYouMean(name, known)} (workloads: ${known.join(", ")})`,
    );
  if (dataset !== undefined && !existsSync(dataset))
    throw new WrongRequest(`--dataset ${dataset}: there is no such folder`);
  const workload = await loadWorkload(name);
  const folder = resolve(out);
  const progress = lineProgress();
  await progress.step(`Write the feature views of ${name} to ${folder}`, async () => {
    await mkdir(join(folder, "data"), { recursive: true });
    for (const [file, text] of Object.entries(feastRepository(workload)))
      await writeFile(join(folder, file), text);
    await mkdir(join(folder, "tecton"), { recursive: true });
    await writeFile(join(folder, "tecton", "definitions.py"), tectonDefinitions(workload));
  });
  if (dataset === undefined)
    return progress.note(
      "data: none; run export.sql in DuckDB beside the data set, or give --dataset FOLDER",
    );
  await progress.step(`Write the histories of ${dataset}`, async () => {
    const db = await openDuckDb({ threads: 2, scratch: join(folder, "data") });
    try {
      for (const { name: table } of workload.tables)
        await db.run(
          `CREATE VIEW ${identifier(table)} AS FROM read_parquet(${literal(join(resolve(dataset), table, "*.parquet"))})`,
        );
      await exportHistories(db, workload, folder);
    } finally {
      db.close();
    }
  });
}
